import Testing

@testable import Checkpoints

/// Files that are no weights, by their first bytes.
@Suite struct FileKindTests {
  private static let padding = [UInt8](repeating: 7, count: 600)

  @Test(
    arguments: [
      ([], "an empty file"),
      ([0x1f, 0x8b] + padding, "a gzip archive, which has to be unpacked first"),
      (padding[..<257] + Array("ustar".utf8) + padding, "a tar archive, which has to be unpacked first"),
      ([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] + padding, "an HDF5 file, such as Keras writes"),
      ([0x93] + Array("NUMPY".utf8) + padding, "a NumPy array"),
      ([0xff, 0xd8, 0xff] + padding, "a JPEG picture"),
      (
        [UInt8](repeating: 0, count: 600),
        "a file that begins with zeros, as a download leaves that broke off"
      ),
      ([0x08, 0x08, 0x12, 0x07] + Array("pytorch".utf8) + padding, "an ONNX model"),
      (
        Array("\u{feff} \n<HTML>".utf8), "an HTML page, as a download leaves that was answered with a page"
      ),
      (Array("<?xml version=\"1.0\"?><Error>".utf8), "an XML page"),
      (Array("Not Found\nsorry".utf8), "a text that begins 'Not Found'"),
      (Array("[1, 2]".utf8), "a JSON text"),
    ] as [(any Collection<UInt8> & Sendable, String)])
  func isNamed(bytes: any Collection<UInt8> & Sendable, kind: String) {
    #expect(failure(Array(bytes)) == .notWeights(path: "test", kind: kind))
  }

  /// A character that the look ends in is no reason to call a text something else.
  @Test func aTextMayBeCutAnywhere() {
    for shift in 0..<4 {
      let text = Array((String(repeating: "a", count: shift) + String(repeating: "é", count: 600)).utf8)
      let kind = text.withUnsafeBytes { FileKind.name(of: $0) }
      #expect(kind?.hasPrefix("a text that begins '") == true)
    }
  }

  @Test func otherBytesAreNotGuessed() {
    for bytes in [[0x80], [1, 2, 3], [0xfe, 0xfd, 0xfc, 0xfb]] as [[UInt8]] {
      #expect(bytes.withUnsafeBytes { FileKind.name(of: $0) } == nil)
    }
  }
}
