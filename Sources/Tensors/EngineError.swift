/// A failure below Swift: the one place where a C status becomes a Swift error.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the library said, one sentence.
  public let description: String

  /// Calls `body` with room for a sentence, and throws that sentence if it returns non-zero.
  static func check(_ capacity: Int, _ body: (UnsafeMutablePointer<CChar>) -> Int32) throws(EngineError) {
    var message: String?
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
      buffer.initialize(repeating: 0)
      guard let start = buffer.baseAddress else { return }
      if body(start) != 0 { message = String(cString: start) }
    }
    if let message { throw EngineError(description: message) }
  }
}
