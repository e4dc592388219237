import Files
import Testing

@Suite struct LogFileTests {
  private func text(_ path: String) throws -> String {
    String(decoding: try FileBytes.read(path), as: UTF8.self)
  }

  @Test func logsGoOnWhereTheyWere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/logs/a.csv"
    let log = try LogFile(path: path)
    try log.append("one")
    let count = log.count
    try log.append("two")
    try log.synchronize()
    #expect(count == 4 && log.count == 8 && log.name == "a.csv")
    // Everything behind the first bytes goes, and what is shorter stays.
    let again = try LogFile(path: path, keeping: count)
    try again.append("2")
    #expect(try text(path) == "one\n2\n")
    #expect(try LogFile(path: path, keeping: 100).count == 6)
    #expect(try LogFile(path: path).count == 0)
    #expect(try LogFile(path: folder.path + "/new", keeping: 9).count == 0)
    #expect(throws: FileError.self) { try LogFile(path: "/dev/null/a") }
  }

  @Test func filesGetSecondNames() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (folder.path + "/first", folder.path + "/second")
    try AtomicFile.write(Array("1".utf8), to: first, durable: true)
    try AtomicFile.write(Array("0".utf8), to: second)
    for _ in 0..<2 { try Folders.link(first, as: second) }
    #expect(try FileBytes.read(second) == Array("1".utf8))
    #expect(try Folders.contents(of: folder.path) == ["first", "second"])
    Folders.removeFile(first)
    #expect(throws: FileError.self) { try Folders.link(first, as: second) }
    #expect(try FileBytes.read(second) == Array("1".utf8))
  }

  @Test func pathsAreResolved() {
    #expect(Paths.resolved("a/b", in: "c") == "c/a/b" && Paths.resolved("/a", in: "c") == "/a")
    #expect(Paths.resolved("a", in: ".") == "a" && Paths.folder(of: "a") == ".")
    #expect(Paths.folder(of: "/a") == "/" && Paths.folder(of: "/a/b") == "/a")
    #expect(Paths.absolute("/a") == "/a" && Paths.absolute("a").hasPrefix("/"))
  }
}
