import CZlib

extension ZipArchive {
  /// The content of an entry, stored or deflated, checked against its checksum.
  ///
  /// Memory is bounded by the size that the directory declares, which in turn may not pass `limit`; a stream that
  /// gives more is damaged.
  package func content(of entry: Entry, limit: Int) throws(ZipError) -> [UInt8] {
    let part = "its entry '\(entry.name)'"
    guard entry.method == 0 || entry.method == 8 else { throw .packed(entry: entry.name) }
    let packed = UnsafeRawBufferPointer(rebasing: bytes[try range(of: entry)])
    guard entry.size <= limit else { throw .malformed(part: part, reason: "more than \(limit) bytes") }
    // Deflate makes of a byte 1032 at most, so that no small file asks for much memory.
    guard entry.isStored || entry.size / 1032 <= packed.count else {
      throw .malformed(part: part, reason: "it does not unpack to \(entry.size) bytes")
    }
    let content = entry.isStored ? Array(packed) : Self.inflated(packed, size: entry.size)
    guard content.count == entry.size else {
      throw .malformed(part: part, reason: "it does not unpack to \(entry.size) bytes")
    }
    let checksum = content.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    // The checksum of nothing is 0, for which zlib wants a pointer.
    guard content.isEmpty || UInt32(truncatingIfNeeded: checksum) == entry.checksum else {
      throw .malformed(part: part, reason: "its checksum differs")
    }
    return content
  }

  /// What a raw deflate stream unpacks to; empty unless that is exactly `size` bytes.
  private static func inflated(_ packed: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
    guard packed.count <= Int(UInt32.max), size <= Int(UInt32.max) else { return [] }
    var stream = z_stream()
    // Negative window bits: no zlib header, as in a zip archive.
    let started = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard started == Z_OK else { return [] }
    defer { inflateEnd(&stream) }
    stream.next_in = UnsafeMutableRawPointer(mutating: packed.baseAddress)?
      .assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(packed.count)
    return [UInt8](unsafeUninitializedCapacity: size) { target, filled in
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(size)
      filled = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0 ? size : 0
    }
  }
}
