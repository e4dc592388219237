import ClassNames

/// Which logit of a model stands for which class of a dataset.
public struct ClassMatch: Sendable {
  /// The logit of each class of the dataset; -1 for one without pictures that the model does not know.
  public private(set) var logits: [Int]
  /// Whether names told; else the order did.
  public let isByName: Bool
  /// What a reader should know.
  public private(set) var remarks: [String] = []

  /// Matches by name, or in order where no name is known to both and there are as many.
  /// - Parameters:
  ///   - counts: how many pictures each class has; one that has none need not be known to the model.
  ///   - known: the names of the logits; empty if nobody told.
  /// - Throws: `TrainingError.unknownClasses`, also where a name cannot tell because several classes have it.
  public init(
    _ classes: [String], having counts: [Int], among known: [String], logits count: Int, path: String
  ) throws(TrainingError) {
    let classes = Self.spelled(classes, like: known)
    isByName = !Set(known).isDisjoint(with: classes)
    if classes == known {
      logits = Array(0..<count)
    } else if isByName {
      logits = try Self.byName(classes, counts, known, path)
    } else {
      guard classes.count == count else {
        throw .unknownClasses(
          path: path, reason: "it has \(classes.count) classes, and the model \(count), of other names")
      }
      logits = Array(0..<count)
      remarks.append(
        known.isEmpty
          ? "the model does not tell what its classes are called; those of \(path) are taken in order"
          : "no class of \(path) has a name that the model knows; they are taken in order")
    }
  }

  /// Synsets of ImageNet as names, or names as synsets, where the model knows classes by the other.
  private static func spelled(_ classes: [String], like known: [String]) -> [String] {
    let known = Set(known)
    let spellings = [
      classes, classes.map { ImageNetClasses.name(ofSynset: $0) ?? $0 },
      classes.map { ImageNetClasses.synset(ofName: $0) ?? $0 },
    ]
    return spellings.first { !known.isDisjoint(with: $0) } ?? classes
  }

  private static func byName(
    _ classes: [String], _ counts: [Int], _ known: [String], _ path: String
  ) throws(TrainingError) -> [Int] {
    var places: [String: Int] = [:]
    var repeated: Set<String> = []
    for (place, name) in known.enumerated() where places.updateValue(place, forKey: name) != nil {
      repeated.insert(name)
    }
    var taken: Set<String> = []
    var logits: [Int] = []
    for (name, count) in zip(classes, counts) {
      if let place = places[name] {
        guard !repeated.contains(name), taken.insert(name).inserted else {
          throw .unknownClasses(path: path, reason: "more than one class is called '\(name)'")
        }
        logits.append(place)
      } else if count == 0 {
        logits.append(-1)
      } else {
        throw .unknownClasses(path: path, reason: "the model has no class '\(name)'")
      }
    }
    return logits
  }
}
