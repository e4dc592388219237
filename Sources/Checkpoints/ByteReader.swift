/// A position in untrusted bytes; every step is checked against their end.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  /// The next byte to be read, counted from the start of `bytes`.
  private(set) var position: Int
  /// What is being read, for error sentences ("its pickle").
  let part: String
  let path: String

  init(_ source: ByteSource, part: String) {
    bytes = source.bytes
    path = source.path
    position = 0
    self.part = part
  }

  /// A reader of a part of the bytes, at whose end it stops.
  init(_ source: ByteSource, within range: Range<Int>, part: String) {
    bytes = UnsafeRawBufferPointer(rebasing: source.bytes[..<range.upperBound])
    path = source.path
    position = range.lowerBound
    self.part = part
  }

  var remaining: Int { bytes.count - position }

  /// Moves to an offset from the start of the bytes.
  mutating func seek(to offset: Int) throws(CheckpointError) {
    guard offset >= 0, offset <= bytes.count else { throw .truncated(path: path, part: part) }
    position = offset
  }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws(CheckpointError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw .truncated(path: path, part: part) }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func byte() throws(CheckpointError) -> UInt8 { try integer(UInt8.self) }

  /// The next little-endian integer.
  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(CheckpointError) -> T {
    let size = MemoryLayout<T>.size
    guard size <= remaining else { throw .truncated(path: path, part: part) }
    defer { position += size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// The next little-endian 64-bit length. One that no `Int` holds reaches past any file.
  mutating func length() throws(CheckpointError) -> Int {
    guard let length = Int(exactly: try integer(UInt64.self)) else {
      throw .truncated(path: path, part: part)
    }
    return length
  }

  func malformed(_ reason: String) -> CheckpointError {
    .malformed(path: path, part: part, reason: reason)
  }
}
