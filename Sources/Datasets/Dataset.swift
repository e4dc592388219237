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
}

extension Dataset {
  /// False: most datasets decode a file for each picture.
  public var isDecoded: Bool { false }
}
