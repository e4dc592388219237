import Images

/// Labelled images by position.
public protocol Dataset: Sendable {
  /// Number of images.
  var count: Int { get }
  /// The name of each class; labels are positions in it.
  var classes: [String] { get }
  /// The class of an image.
  func label(at position: Int) -> Int
  /// The picture, upright RGB; called from several threads at once.
  func image(at position: Int) throws -> Image
  /// What error messages and tables call an image: its path, or its place in an archive.
  func name(at position: Int) -> String
}
