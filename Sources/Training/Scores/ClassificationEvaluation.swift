import Datasets
import EDNets
import Networks

/// A model before the labelled pictures that it shall be scored on.
public struct ClassificationEvaluation {
  /// Pictures.
  public var images: Int { feed.images }
  /// Batches of all pictures.
  public var batches: Int { feed.batches }
  /// What the logits are called.
  public let classes: [String]
  /// What a reader should know.
  public private(set) var remarks: [String] = []
  private let model: Model
  private let feed: BatchFeed
  /// The logit of each class of the dataset.
  private let logits: [Int]

  /// Opens the pictures. Their classes are found among the model's by name; where no name is known to both, by
  /// position, if there are as many.
  /// - Throws: `DatasetError`, or `TrainingError.unknownClasses`.
  public init(_ model: Model, data source: DatasetSource, batch: Int) throws {
    feed = try BatchFeed(evaluating: source, part: .test, preprocessing: model.preprocessing, batch: batch)
    self.model = model
    let count = model.network.description.classes
    logits = try Self.match(feed.classes, among: model.classes, logits: count, path: source.path)
    if !model.classes.isEmpty {
      classes = model.classes
    } else {
      classes = feed.classes
    }
    if !model.classes.isEmpty, Set(model.classes).isDisjoint(with: feed.classes) {
      remarks.append("no class of \(source.path) has a name that the model knows; they are taken in order")
    }
  }

  /// The logit of each class of a dataset: by name, or in order where no name is known to both and there are as many.
  /// - Throws: `TrainingError.unknownClasses`.
  public static func match(
    _ classes: [String], among known: [String], logits: Int, path: String
  ) throws(TrainingError) -> [Int] {
    if Set(known).isDisjoint(with: classes) {
      guard classes.count == logits else {
        throw .unknownClasses(
          path: path, reason: "it has \(classes.count) classes, and the model \(logits), of other names")
      }
      return Array(0..<logits)
    }
    var found: [Int] = []
    for name in classes {
      guard let position = known.firstIndex(of: name) else {
        throw .unknownClasses(path: path, reason: "the model has no class '\(name)'")
      }
      found.append(position)
    }
    return found
  }

  /// Scores all pictures; the label of each is the position of its class among `classes`.
  /// - Returns: nil if it was asked to stop before the end.
  /// - Throws: `DatasetError`, `EngineError`, and what `advanced` throws.
  public func score(
    loss: Loss = .softmax, stop: StopRequest = StopRequest(),
    advanced: (_ batches: Int) throws -> Void = { _ in }
  ) throws -> ClassificationScore? {
    try feed.score(model.network, loss: loss, labels: logits, stop: stop, advanced: advanced)
  }

  /// A sentence about each picture that could not be read.
  public var badImages: [String] { feed.bad() }
}
