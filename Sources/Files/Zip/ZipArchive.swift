/// The central directory of a zip archive, with the 64-bit extension.
///
/// Format: PKWARE's APPNOTE.TXT, sections 4.3 to 4.5. The archive does not own the bytes: whoever makes it keeps them.
/// Nothing is ever extracted to the disk, so names such as `../../x` are just names.
package struct ZipArchive: @unchecked Sendable {
  /// A file in the archive, as the directory describes it.
  package struct Entry: Sendable {
    /// Its path in the archive.
    package let name: String
    /// Bytes of its content.
    package let size: Int
    /// True if the content lies in the archive as it is.
    package var isStored: Bool { method == 0 }
    let compressedSize: Int
    let checksum: UInt32
    let method: UInt16
    let isEncrypted: Bool
    let headerOffset: Int
  }

  /// The entries in the directory's order; their names differ.
  package let entries: [Entry]
  let bytes: UnsafeRawBufferPointer
  private let positions: [String: Int]

  private static let part = "its zip directory"
  private static let endSignature: UInt32 = 0x0605_4b50
  private static let end64Signature: UInt32 = 0x0606_4b50
  private static let locatorSignature: UInt32 = 0x0706_4b50
  private static let entrySignature: UInt32 = 0x0201_4b50
  private static let localSignature: UInt32 = 0x0403_4b50

  /// Reads the directory of an archive in memory or in a mapped file.
  package init(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
    let (offset, count) = try Self.directory(of: bytes)
    var fields = ZipFields(bytes, part: Self.part)
    try fields.seek(to: offset)
    var entries: [Entry] = []
    var positions: [String: Int] = [:]
    for position in 0..<count {
      let entry = try Self.entry(&fields)
      guard positions.updateValue(position, forKey: entry.name) == nil else {
        throw .duplicateName(entry.name)
      }
      entries.append(entry)
    }
    self.bytes = bytes
    self.entries = entries
    self.positions = positions
  }

  /// The entry of a name.
  package subscript(name: String) -> Entry? { positions[name].map { entries[$0] } }

  /// Where the packed content of an entry lies in the file.
  package func range(of entry: Entry) throws(ZipError) -> Range<Int> {
    guard !entry.isEncrypted else { throw .encrypted(entry: entry.name) }
    var fields = ZipFields(bytes, part: "its entry '\(entry.name)'")
    try fields.seek(to: entry.headerOffset)
    guard try fields.integer(UInt32.self) == Self.localSignature else {
      throw fields.malformed("its zip header is not where the directory says")
    }
    _ = try fields.take(22)
    // The extra field here is another than the directory's: PyTorch pads with it to align the content.
    let nameLength = Int(try fields.integer(UInt16.self))
    let extraLength = Int(try fields.integer(UInt16.self))
    _ = try fields.take(nameLength + extraLength)
    let start = fields.position
    _ = try fields.take(entry.compressedSize)
    return start..<fields.position
  }

  /// Offset and number of the directory's entries.
  private static func directory(
    of bytes: UnsafeRawBufferPointer
  ) throws(ZipError) -> (offset: Int, count: Int) {
    guard let end = endRecord(bytes) else { throw .truncated(part: part) }
    var fields = ZipFields(bytes, part: part)
    try fields.seek(to: end + 10)
    var count = Int(try fields.integer(UInt16.self))
    _ = try fields.integer(UInt32.self)
    var offset = Int(try fields.integer(UInt32.self))
    if end >= 20 {
      try fields.seek(to: end - 20)
      if try fields.integer(UInt32.self) == locatorSignature {
        _ = try fields.integer(UInt32.self)
        try fields.seek(to: try fields.length())
        guard try fields.integer(UInt32.self) == end64Signature else {
          throw fields.malformed("its 64-bit end record is not where the locator says")
        }
        _ = try fields.take(28)
        count = try fields.length()
        _ = try fields.length()
        offset = try fields.length()
      }
    }
    // An entry takes at least 46 bytes, so no count from the file makes the loop over entries long.
    guard count <= bytes.count / 46 else { throw fields.malformed("more entries than fit in the file") }
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

  private static func entry(_ fields: inout ZipFields) throws(ZipError) -> Entry {
    guard try fields.integer(UInt32.self) == entrySignature else {
      throw fields.malformed("an entry is missing")
    }
    _ = try fields.take(4)
    let flags = try fields.integer(UInt16.self)
    let method = try fields.integer(UInt16.self)
    _ = try fields.take(4)
    let checksum = try fields.integer(UInt32.self)
    let compressedSize = try fields.integer(UInt32.self)
    let size = try fields.integer(UInt32.self)
    let nameLength = Int(try fields.integer(UInt16.self))
    let extraLength = Int(try fields.integer(UInt16.self))
    let commentLength = Int(try fields.integer(UInt16.self))
    _ = try fields.take(8)
    let headerOffset = try fields.integer(UInt32.self)
    let name = Paths.text(try fields.take(nameLength))
    let extraEnd = fields.position + extraLength
    let wide = try wideFields(&fields, length: extraLength, size, compressedSize, headerOffset)
    try fields.seek(to: extraEnd)
    _ = try fields.take(commentLength)
    guard method != 0 || wide.size == wide.compressedSize else {
      throw fields.malformed("a stored entry has two sizes")
    }
    return Entry(
      name: name, size: wide.size, compressedSize: wide.compressedSize, checksum: checksum, method: method,
      isEncrypted: flags & 1 != 0, headerOffset: wide.headerOffset)
  }

  /// Sizes and offset, taken from the 64-bit extra field for those that do not fit in 32 bits.
  private static func wideFields(
    _ fields: inout ZipFields, length: Int, _ size: UInt32, _ compressedSize: UInt32, _ offset: UInt32
  ) throws(ZipError) -> (size: Int, compressedSize: Int, headerOffset: Int) {
    var wide = (size: Int(size), compressedSize: Int(compressedSize), headerOffset: Int(offset))
    let end = fields.position + length
    while fields.position + 4 <= end {
      let identifier = try fields.integer(UInt16.self)
      let fieldEnd = fields.position + 2 + Int(try fields.integer(UInt16.self))
      if identifier == 1 {
        if size == .max { wide.size = try fields.length() }
        if compressedSize == .max { wide.compressedSize = try fields.length() }
        if offset == .max { wide.headerOffset = try fields.length() }
        guard fields.position <= fieldEnd, fieldEnd <= end else {
          throw fields.malformed("an extra field is too short")
        }
        return wide
      }
      try fields.seek(to: fieldEnd)
    }
    return wide
  }
}
