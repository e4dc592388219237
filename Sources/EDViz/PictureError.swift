/// Why a network cannot look at a picture that could be read: the error, and which picture it is about.
public struct PictureError: Error, CustomStringConvertible {
  /// What the picture is called.
  public let path: String
  /// What is wrong.
  public let reason: AttentionError

  /// One sentence.
  public var description: String { "\(path): \(reason)" }

  /// What `body` returns; an error about the picture that it looks at gets the picture's name.
  static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as AttentionError {
      switch error {
      case .needsMemory, .imagesTooSmall, .wrongChannels: throw PictureError(path: path, reason: error)
      // What was asked for is wrong, whichever picture comes first.
      default: throw error
      }
    }
  }
}
