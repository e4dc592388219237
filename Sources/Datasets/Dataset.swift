import Images

/// Labelled images by position.
public protocol Dataset: Sendable {
  /// Number of images.
  var count: Int { get }
  /// The name of each class; labels are positions in it.
  var classes: [String] { get }
  /// True if pictures are at hand without decoding, so that keeping them again gains nothing.
  var isDecoded: Bool { get }
  /// The class of an image.
  func label(at position: Int) -> Int
  /// The picture, upright RGB; called from several threads at once.
  func image(at position: Int) throws -> Image
  /// What error messages and tables call an image: its path, or its place in an archive.
  func name(at position: Int) -> String
  /// What a reader should know, a sentence each: what was left out, which of several orders was taken.
  var remarks: [String] { get }
}

extension Dataset {
  /// False: most datasets decode a file for each picture.
  public var isDecoded: Bool { false }
  /// None.
  public var remarks: [String] { [] }

  /// How many images each class has.
  public var imagesOfClasses: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for position in 0..<count { counts[label(at: position)] += 1 }
    return counts
  }

  /// A sentence about the classes that have no image; nil if all have some.
  /// - Parameter path: what the sentence calls the data.
  public func remarkOnEmptyClasses(path: String) -> String? {
    let empty = zip(classes, imagesOfClasses).filter { $0.1 == 0 }.map(\.0)
    guard !empty.isEmpty else { return nil }
    return "\(path): there are no pictures of \(Quoted.brief(empty, of: classes.count))"
  }
}
