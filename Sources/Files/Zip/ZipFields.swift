/// A position in the untrusted bytes of a zip archive; every step is checked against their end.
struct ZipFields {
  let bytes: UnsafeRawBufferPointer
  /// The next byte to be read.
  private(set) var position = 0
  /// What is being read, for errors.
  let part: String

  init(_ bytes: UnsafeRawBufferPointer, part: String) {
    self.bytes = bytes
    self.part = part
  }

  mutating func seek(to offset: Int) throws(ZipError) {
    guard offset >= 0, offset <= bytes.count else { throw .truncated(part: part) }
    position = offset
  }

  mutating func take(_ count: Int) throws(ZipError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - position else { throw .truncated(part: part) }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// The next little-endian integer.
  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(ZipError) -> T {
    T(littleEndian: try take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
  }

  /// The next little-endian 64-bit length. One that no `Int` holds reaches past any file.
  mutating func length() throws(ZipError) -> Int {
    guard let length = Int(exactly: try integer(UInt64.self)) else { throw .truncated(part: part) }
    return length
  }

  func malformed(_ reason: String) -> ZipError { .malformed(part: part, reason: reason) }
}
