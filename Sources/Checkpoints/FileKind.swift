/// What a file is that holds no weights: what a download, an archive or another framework left under such a name.
package enum FileKind {
  /// A few words for the file that begins with these bytes, such as "an HTML page"; nil if nothing tells.
  package static func name(of bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.isEmpty { return "an empty file" }
    if let found = signatures.first(where: { holds($0.bytes, at: $0.offset, bytes) }) { return found.kind }
    if bytes.prefix(4096).allSatisfy({ $0 == 0 }), bytes.count >= 512 {
      return "a file that begins with zeros, as a download leaves that broke off"
    }
    return text(bytes)
  }

  private static let signatures: [(bytes: [UInt8], offset: Int, kind: String)] = [
    ([0x1f, 0x8b], 0, "a gzip archive, which has to be unpacked first"),
    (Array("BZh".utf8), 0, "a bzip2 archive, which has to be unpacked first"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 0, "an xz archive, which has to be unpacked first"),
    ([0x28, 0xb5, 0x2f, 0xfd], 0, "a Zstandard archive, which has to be unpacked first"),
    ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 0, "a 7z archive, which has to be unpacked first"),
    (Array("Rar!".utf8), 0, "a RAR archive, which has to be unpacked first"),
    (Array("ustar".utf8), 257, "a tar archive, which has to be unpacked first"),
    ([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], 0, "an HDF5 file, such as Keras writes"),
    ([0x93] + Array("NUMPY".utf8), 0, "a NumPy array"),
    (Array("GGUF".utf8), 0, "a GGUF file"),
    (Array("TFL3".utf8), 4, "a TensorFlow Lite model"),
    ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], 0, "a PNG picture"),
    ([0xff, 0xd8, 0xff], 0, "a JPEG picture"),
    (Array("GIF8".utf8), 0, "a GIF picture"),
    (Array("WEBP".utf8), 8, "a WebP picture"),
    (Array("%PDF".utf8), 0, "a PDF document"),
    ([0x7f] + Array("ELF".utf8), 0, "a program"),
    (Array("SQLite format 3".utf8), 0, "an SQLite database"),
  ]

  private static func holds(_ signature: [UInt8], at offset: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= offset + signature.count && bytes[offset...].starts(with: signature)
  }

  /// Texts, by how they begin.
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    // A character may be cut at the end.
    let start = (0..<4).lazy.compactMap { String(validating: bytes.prefix(512).dropLast($0), as: UTF8.self) }
      .first
    guard let start else { return isONNX(bytes) ? "an ONNX model" : nil }
    let words = start.drop { $0.isWhitespace || $0 == "\u{feff}" }
    let low = words.lowercased()
    if low.hasPrefix("<!doctype html") || low.hasPrefix("<html") || low.hasPrefix("<head") {
      return "an HTML page, as a download leaves that was answered with a page"
    }
    if low.hasPrefix("version https://git-lfs.github.com/spec") { return pointer(words) }
    if low.hasPrefix("<?xml") || low.hasPrefix("<error") { return "an XML page" }
    guard
      words.unicodeScalars.allSatisfy({
        $0.properties.generalCategory != .control || "\n\r\t".contains(Character($0))
      })
    else { return isONNX(bytes) ? "an ONNX model" : nil }
    if words.hasPrefix("{") || words.hasPrefix("[") { return "a JSON text" }
    let line = words.prefix { !$0.isNewline }.prefix(40)
    return line.isEmpty ? nil : "a text that begins '\(line)'"
  }

  private static func pointer(_ text: Substring) -> String {
    let size = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("size ") }
      .flatMap { Int($0.dropFirst(5)) }
    return "a Git LFS pointer to a file" + (size.map { " of \($0) bytes" } ?? "")
      + "; 'git lfs pull' fetches it"
  }

  /// ONNX files have no signature: a version, and then who made them.
  private static func isONNX(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 16, bytes[0] == 0x08, (1...32).contains(bytes[1]), bytes[2] == 0x12 else {
      return false
    }
    let length = Int(bytes[3])
    return length < 64 && bytes.count > 4 + length
      && bytes[4..<4 + length].allSatisfy { (0x20..<0x7f).contains($0) }
  }
}
