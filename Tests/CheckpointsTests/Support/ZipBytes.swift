/// Writes zip archives by hand, also broken ones.
struct ZipBytes {
  struct Entry {
    var name: String
    var content: [UInt8]
    var method: UInt16 = 0
    var flags: UInt16 = 0
    var localExtra: [UInt8] = []
    /// Put sizes and offset into the 64-bit extra field.
    var isWide = false
    /// What the directory claims, if not the truth.
    var claimedOffset: UInt64?
    var claimedSize: UInt64?
  }

  private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { PickleBytes.little(value) }

  static func archive(_ entries: [Entry], zip64: Bool = false, claimedCount: UInt64? = nil) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = UInt64(file.count)
      let size = UInt64(entry.content.count)
      let name = Array(entry.name.utf8)
      file += little(UInt32(0x0403_4b50)) + little(UInt16(45)) + little(entry.flags) + little(entry.method)
      file += little(UInt64(0)) + little(UInt32(size)) + little(UInt32(size))
      file += little(UInt16(name.count)) + little(UInt16(entry.localExtra.count)) + name + entry.localExtra
      file += entry.content

      let claimedSize = entry.claimedSize ?? size
      let claimedOffset = entry.claimedOffset ?? offset
      let extra =
        entry.isWide
        ? little(UInt16(1)) + little(UInt16(24)) + little(claimedSize) + little(claimedSize)
          + little(claimedOffset) : []
      let size32 = entry.isWide ? UInt32.max : UInt32(truncatingIfNeeded: claimedSize)
      let offset32 = entry.isWide ? UInt32.max : UInt32(truncatingIfNeeded: claimedOffset)
      directory += little(UInt32(0x0201_4b50)) + little(UInt16(45)) + little(UInt16(45)) + little(entry.flags)
      directory += little(entry.method) + little(UInt64(0)) + little(size32) + little(size32)
      directory += little(UInt16(name.count)) + little(UInt16(extra.count)) + [UInt8](repeating: 0, count: 10)
      directory += little(offset32) + name + extra
    }
    let start = UInt64(file.count)
    let count = claimedCount ?? UInt64(entries.count)
    let size = UInt64(directory.count)
    file += directory
    if zip64 {
      let record = UInt64(file.count)
      file += little(UInt32(0x0606_4b50)) + little(UInt64(44)) + little(UInt16(45)) + little(UInt16(45))
      file += little(UInt64(0)) + little(count) + little(count) + little(size) + little(start)
      file += little(UInt32(0x0706_4b50)) + little(UInt32(0)) + little(record) + little(UInt32(1))
    }
    file += little(UInt32(0x0605_4b50)) + little(UInt32(0))
    file += little(zip64 ? .max : UInt16(count)) + little(zip64 ? .max : UInt16(count))
    file += little(zip64 ? .max : UInt32(size)) + little(zip64 ? .max : UInt32(start)) + little(UInt16(0))
    return file
  }

  /// The entries of a checkpoint with one tensor "w" of the values 1, 2, 3.
  static func checkpoint() -> [Entry] {
    let pickle = PickleBytes.dictionary { $0.tensor(count: 3, shape: [3], strides: [1]) }
    let data = [Float(1), 2, 3].flatMap { little($0.bitPattern) }
    return [Entry(name: "a/data.pkl", content: pickle), Entry(name: "a/data/0", content: data)]
  }
}
