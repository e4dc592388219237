import Testing

import Files

@Suite struct AtomicFileTests {
  @Test func writesWholeFilesAndMakesParents() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a/b/file.bin"
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(try MappedFile(path: path).withUnsafeBytes(Array.init) == [1, 2, 3])
    try AtomicFile.write([4], to: path)
    #expect(try MappedFile(path: path).withUnsafeBytes(Array.init) == [4])
    #expect(try Folders.contents(of: folder.path + "/a/b") == ["file.bin"])
  }

  @Test func droppedFileLeavesNothing() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try AtomicFile(path: folder.path + "/half.bin")
      try [UInt8](repeating: 7, count: 100).withUnsafeBytes { try file.write($0) }
    }
    #expect(try Folders.contents(of: folder.path).isEmpty)
  }

  @Test func fullDiskIsReported() {
    #expect(throws: FileError.self) { try AtomicFile.write([1], to: "/dev/null/child") }
  }
}

@Suite struct MappedFileTests {
  @Test func namesMissingFilesAndFolders() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.notFound(path: folder.path + "/none")) {
      try MappedFile(path: folder.path + "/none")
    }
    #expect(throws: FileError.isFolder(path: folder.path)) { try MappedFile(path: folder.path) }
    #expect(throws: FileError.unreadable(path: "/dev/null", reason: "not a regular file")) {
      try MappedFile(path: "/dev/null")
    }
  }

  @Test func emptyFileIsEmpty() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write([], to: folder.path + "/empty")
    #expect(try MappedFile(path: folder.path + "/empty").count == 0)
  }
}
