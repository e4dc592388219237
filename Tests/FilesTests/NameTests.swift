import Glibc
import Testing

@testable import Files

/// Names of files that are not UTF-8, and texts that other programs wrote.
@Suite struct NameTests {
  private static let names: [(bytes: [UInt8], text: String)] = [
    (Array("plain.jpg".utf8), "plain.jpg"), (Array("caf\u{e9}.jpg".utf8), "caf\u{e9}.jpg"),
    (Array("caf".utf8) + [0xE9] + Array(".jpg".utf8), "caf\\xe9.jpg"),
    ([0xFF, 0xFE, 0x80], "\\xff\\xfe\\x80"),
    // Cut short, too long, a surrogate.
    ([0xE2, 0x82], "\\xe2\\x82"), ([0xC0, 0xAF], "\\xc0\\xaf"), ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
    // Looks like what stands for a byte.
    (Array("a\\xe9b".utf8), "a\\x5cxe9b"), (Array("a\\x5cxe9b".utf8), "a\\x5cx5cxe9b"),
    // What ends lines and steers terminals, and what looks like it.
    (Array("a\nb\tc\r\u{1B}[31m\u{7F}".utf8), "a\\x0ab\\x09c\\x0d\\x1b[31m\\x7f"),
    (
      Array("a\u{85}b\u{2028}\u{2029}c\u{a0}\u{2027}".utf8),
      "a\\xc2\\x85b\\xe2\\x80\\xa8\\xe2\\x80\\xa9c\u{a0}\u{2027}"
    ),
    (Array("a\\x0ab".utf8), "a\\x5cx0ab"),
    (Array("a\\b\\x41\\n".utf8), "a\\b\\x41\\n"), ([0x5C, 0xE9], "\\\\xe9"), ([], ""),
  ]

  @Test(arguments: names)
  func bytesAndTextGiveEachOtherBack(bytes: [UInt8], text: String) {
    #expect(Paths.text(bytes) == text)
    #expect(Paths.system(text).map { UInt8(bitPattern: $0) } == bytes + [0])
  }

  /// No two names have one text.
  @Test func everyNameComesBack() {
    var state: UInt64 = 7
    let alphabet: [UInt8] =
      Array("\\x5ce9a01\n\u{1B}".utf8) + [0xC2, 0x85, 0xC3, 0xA9, 0xE9, 0x80, 0xF0, 0x9F]
    for _ in 0..<20_000 {
      var name: [UInt8] = []
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        name.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      #expect(Paths.system(Paths.text(name)).map { UInt8(bitPattern: $0) } == name + [0], "\(name)")
    }
  }

  /// Every way to the system and back keeps the name.
  @Test func filesOfSuchNamesAreFiles() throws {
    let folder = try TemporaryFolder()
    let inner = folder.path + "/caf\\xe9"
    try AtomicFile.write([1, 2], to: inner + "/\\xff.png")
    #expect(try Folders.contents(of: folder.path) == ["caf\\xe9"])
    #expect(try Folders.contents(of: inner) == ["\\xff.png"])
    let bytes: [CChar] = Array(folder.path.utf8CString.dropLast()) + [47, 99, 97, 102, -23, 0]
    #expect(access(bytes, F_OK) == 0)
    let path = inner + "/\\xff.png"
    #expect(try FileBytes.read(path) == [1, 2] && Folders.kind(of: path) == .file)
    #expect(try SHA256.hexadecimal(ofFile: path).count == 64 && MappedFile(path: path).count == 2)
    try Folders.link(path, as: inner + "/\\xfe.png")
    try Folders.move(inner + "/\\xfe.png", to: inner + "/\\xfd.png")
    let log = try LogFile(path: inner + "/\\xf0.csv")
    try log.append("line")
    for arguments in [[folder.path], [inner + "/*.png"], [inner]] {
      #expect(
        try InputList(arguments, extensions: ["png"]).paths == [inner + "/\\xfd.png", inner + "/\\xff.png"])
    }
    Folders.removeFile(inner + "/\\xfd.png")
    #expect(try Folders.contents(of: inner) == ["\\xf0.csv", "\\xff.png"])
  }

  @Test func marksAreNoText() throws {
    let text = "caf\u{e9}\nb"
    let wide = Array(text.utf16)
    let files: [[UInt8]] = [
      Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
      [0xFF, 0xFE] + wide.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
      [0xFE, 0xFF] + wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
    ]
    for bytes in files {
      #expect(try TextFile.text(of: bytes, path: "t") == text && TextFile.names(in: bytes) == text)
    }
    let latin: [UInt8] = [0x61, 0x0A, 0xE9]
    #expect(TextFile.names(in: latin) == "a\n\\xe9")
    // Line ends stay, what steers a terminal does not; a list of names has them in its lines only.
    let steering = Array("a\tb\r\nc\u{1B}\u{85}d\n".utf8)
    #expect(TextFile.names(in: steering) == "a\tb\r\nc\\x1b\\xc2\\x85d\n")
    #expect(TextFile.nameLines(in: steering) == ["a\\x09b", "c\\x1b\\xc2\\x85d"])
    #expect(TextFile.nameLines(in: Array("a\nb\0\0c\0".utf8)) == ["a\\x0ab", "c"])
    #expect(TextFile.nameLines(in: files[2] + [0x0A, 0, 0x0D, 0, 0x0A, 0]) == ["caf\u{e9}", "b"])
    #expect(Paths.shown("a\nb\u{9B}") == "a\\x0ab\\xc2\\x9b" && Paths.content(of: "a\\x0ab") == "a\nb")
    let error = #expect(throws: FileError.self) { try TextFile.text(of: latin, path: "t") }
    #expect(error?.description == "t: cannot be read: line 2 is not UTF-8; save it in that encoding")
    #expect(try TextFile.text(of: [], path: "t").isEmpty)
  }

  @Test func tablesOfEditorsAreTables() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write([0xEF, 0xBB, 0xBF] + Array("a,b\r\n1,\"2\"\r\n".utf8), to: folder.path + "/a.csv")
    var lines: [[String]] = []
    try CSV.forEachLine(ofFile: folder.path + "/a.csv") { lines.append($1) }
    #expect(lines == [["a", "b"], ["1", "2"]])
  }

  /// What lies in a folder is taken, or told.
  @Test func nothingIsPassedOverWithoutAWord() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    for name in ["a.png", "B.PNG", ".hidden.png", "notes.txt", "old/manifest.json", "old/c.png", "in/d.png"] {
      try AtomicFile.write([], to: "\(path)/\(name)")
    }
    try Folders.make(path + "/folder.png")
    #expect(symlink("in", path + "/linked") == 0 && symlink("nowhere", path + "/lost.png") == 0)
    #expect(symlink("circle.png", path + "/circle.png") == 0 && mkfifo(path + "/pipe.png", 0o600) == 0)
    let list = try InputList([path], extensions: ["png"])
    #expect(
      list.paths.map { String($0.dropFirst(path.utf8.count + 1)) } == [
        "B.PNG", "a.png", "circle.png", "in/d.png", "lost.png", "pipe.png",
      ])
    #expect(
      list.remarks.map { $0.replacing(path, with: "p") } == [
        "p: 1 of the names in it begin with a dot and are left out",
        "p/linked: is a link to a folder and is left out",
        "p/old: holds results, as its manifest.json says, and is left out",
      ])
  }
}
