import Files

/// The bytes of a checkpoint, which its entries keep alive: a mapped file, or a copy in memory.
///
/// Nothing changes the bytes after `init`, which makes the unchecked `Sendable` true.
final class ByteSource: @unchecked Sendable {
  /// Where the bytes come from, for error sentences.
  let path: String
  /// All bytes, valid while this object lives.
  let bytes: UnsafeRawBufferPointer
  private let file: MappedFile?

  /// True for a mapped file, whose pages can be read again.
  var isMapped: Bool { file != nil }

  init(mapping path: String) throws(FileError) {
    let file = try MappedFile(path: path)
    self.path = path
    self.file = file
    bytes = file.bytes
  }

  /// A 64-byte-aligned copy of `content`.
  init(copying content: some Collection<UInt8>, path: String) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
    copy.copyBytes(from: content)
    self.path = path
    file = nil
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit {
    if file == nil { bytes.deallocate() }
  }
}
