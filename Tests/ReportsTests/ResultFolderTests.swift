import Files
import Reports
import Testing

@Suite struct ResultFolderTests {
  @Test func nothingIsReplacedUnlessAsked() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/results"
    let first = try ResultFolder(named: path, force: false)
    try first.write([1], to: "a.bin")
    #expect(throws: FileError.exists(path: path + "/a.bin")) { try first.write([2], to: "a.bin") }
    try AtomicFile.write([], to: path + "/manifest.json")
    #expect(throws: FileError.exists(path: path + "/manifest.json")) {
      try ResultFolder(named: path, force: false)
    }
    let second = try ResultFolder(named: path, force: true)
    try second.write([3], to: "a.bin")
    #expect(try MappedFile(path: path + "/a.bin").withUnsafeBytes(Array.init) == [3])
  }

  @Test func freshFoldersAreNumbered() throws {
    let temporary = try TemporaryFolder()
    let paths = try (0..<3).map { _ in
      let folder = try ResultFolder.fresh(in: temporary.path, name: "cat", force: false)
      try folder.write([], to: "a")
      return folder.path
    }
    #expect(paths == ["cat", "cat-2", "cat-3"].map { temporary.path + "/" + $0 })
    #expect(try ResultFolder.fresh(in: temporary.path, name: "cat", force: true).path == paths[0])
  }

  @Test func stemsOfOneRunDiffer() throws {
    let temporary = try TemporaryFolder()
    let folder = try ResultFolder(named: temporary.path, force: false)
    #expect(
      ["a/cat.jpg", "b/cat.png", "cat-2.jpg", "cat", ".hidden"].map(folder.uniqueStem) == [
        "cat", "cat-2", "cat-2-2", "cat-3", ".hidden",
      ])
  }
}
