/// The central directory of a zip archive, with the 64-bit extension.
///
/// Format: PKWARE's APPNOTE.TXT, sections 4.3 to 4.5. Only stored entries can be read, and their bytes are where
/// the file has them.
struct ZipArchive {
  private struct Entry {
    var isEncrypted: Bool
    var isStored: Bool
    var size: Int
    var headerOffset: Int
  }

  /// The name of the first entry in the directory.
  let firstName: String
  private let source: ByteSource
  private let entries: [String: Entry]

  private static let part = "its zip directory"
  private static let endSignature: UInt32 = 0x0605_4b50
  private static let end64Signature: UInt32 = 0x0606_4b50
  private static let locatorSignature: UInt32 = 0x0706_4b50
  private static let entrySignature: UInt32 = 0x0201_4b50
  private static let localSignature: UInt32 = 0x0403_4b50

  init(_ source: ByteSource) throws(CheckpointError) {
    let (offset, count) = try Self.directory(of: source)
    var reader = ByteReader(source, part: Self.part)
    try reader.seek(to: offset)
    var entries: [String: Entry] = [:]
    var firstName: String?
    for _ in 0..<count {
      let (name, entry) = try Self.entry(&reader)
      firstName = firstName ?? name
      guard entries.updateValue(entry, forKey: name) == nil else {
        throw .duplicateName(path: source.path, name: name)
      }
    }
    self.source = source
    self.entries = entries
    self.firstName = firstName ?? ""
  }

  /// Where the content of an entry lies in the file; nil if there is no such entry.
  func content(of name: String) throws(CheckpointError) -> Range<Int>? {
    guard let entry = entries[name] else { return nil }
    guard !entry.isEncrypted else { throw .encrypted(path: source.path, entry: name) }
    guard entry.isStored else { throw .compressed(path: source.path, entry: name) }
    var reader = ByteReader(source, part: "its entry '\(name)'")
    try reader.seek(to: entry.headerOffset)
    guard try reader.integer(UInt32.self) == Self.localSignature else {
      throw reader.malformed("its zip header is not where the directory says")
    }
    _ = try reader.take(22)
    // The extra field here is another than the directory's: PyTorch pads with it to align the content.
    let nameLength = Int(try reader.integer(UInt16.self))
    let extraLength = Int(try reader.integer(UInt16.self))
    _ = try reader.take(nameLength + extraLength)
    let start = reader.position
    _ = try reader.take(entry.size)
    return start..<reader.position
  }

  /// Offset and number of the directory's entries.
  private static func directory(of source: ByteSource) throws(CheckpointError) -> (offset: Int, count: Int) {
    guard let end = endRecord(source.bytes) else { throw .truncated(path: source.path, part: part) }
    var reader = ByteReader(source, part: part)
    try reader.seek(to: end + 10)
    var count = Int(try reader.integer(UInt16.self))
    _ = try reader.integer(UInt32.self)
    var offset = Int(try reader.integer(UInt32.self))
    if end >= 20 {
      try reader.seek(to: end - 20)
      if try reader.integer(UInt32.self) == locatorSignature {
        _ = try reader.integer(UInt32.self)
        try reader.seek(to: try reader.length())
        guard try reader.integer(UInt32.self) == end64Signature else {
          throw reader.malformed("its 64-bit end record is not where the locator says")
        }
        _ = try reader.take(28)
        count = try reader.length()
        _ = try reader.length()
        offset = try reader.length()
      }
    }
    // An entry takes at least 46 bytes, so no count from the file makes the loop over entries long.
    guard count <= source.bytes.count / 46 else {
      throw reader.malformed("more entries than fit in the file")
    }
    return (offset, count)
  }

  /// The offset of the last end record, which a comment of up to 65,535 bytes may follow.
  private static func endRecord(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var offset = bytes.count - 22
    let lowest = max(0, offset - 0xffff)
    while offset >= lowest {
      let signature = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      if signature == endSignature { return offset }
      offset -= 1
    }
    return nil
  }

  private static func entry(_ reader: inout ByteReader) throws(CheckpointError) -> (name: String, Entry) {
    guard try reader.integer(UInt32.self) == entrySignature else {
      throw reader.malformed("an entry is missing")
    }
    _ = try reader.take(4)
    let flags = try reader.integer(UInt16.self)
    let method = try reader.integer(UInt16.self)
    _ = try reader.take(8)
    let compressedSize = try reader.integer(UInt32.self)
    let size = try reader.integer(UInt32.self)
    let nameLength = Int(try reader.integer(UInt16.self))
    let extraLength = Int(try reader.integer(UInt16.self))
    let commentLength = Int(try reader.integer(UInt16.self))
    _ = try reader.take(8)
    let headerOffset = try reader.integer(UInt32.self)
    guard let name = String(validating: try reader.take(nameLength), as: UTF8.self) else {
      throw reader.malformed("a name is not UTF-8")
    }
    let extraEnd = reader.position + extraLength
    let wide = try wideFields(&reader, length: extraLength, size, compressedSize, headerOffset)
    try reader.seek(to: extraEnd)
    _ = try reader.take(commentLength)
    guard method != 0 || wide.size == wide.compressedSize else {
      throw reader.malformed("a stored entry has two sizes")
    }
    return (
      name,
      Entry(
        isEncrypted: flags & 1 != 0, isStored: method == 0, size: wide.size,
        headerOffset: wide.headerOffset)
    )
  }

  /// Sizes and offset, taken from the 64-bit extra field for those that do not fit in 32 bits.
  private static func wideFields(
    _ reader: inout ByteReader, length: Int, _ size: UInt32, _ compressedSize: UInt32, _ offset: UInt32
  ) throws(CheckpointError) -> (size: Int, compressedSize: Int, headerOffset: Int) {
    var fields = (size: Int(size), compressedSize: Int(compressedSize), headerOffset: Int(offset))
    let end = reader.position + length
    while reader.position + 4 <= end {
      let identifier = try reader.integer(UInt16.self)
      let fieldEnd = reader.position + 2 + Int(try reader.integer(UInt16.self))
      if identifier == 1 {
        if size == .max { fields.size = try reader.length() }
        if compressedSize == .max { fields.compressedSize = try reader.length() }
        if offset == .max { fields.headerOffset = try reader.length() }
        guard reader.position <= fieldEnd, fieldEnd <= end else {
          throw reader.malformed("an extra field is too short")
        }
        return fields
      }
      try reader.seek(to: fieldEnd)
    }
    return fields
  }
}
