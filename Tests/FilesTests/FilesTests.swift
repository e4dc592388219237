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

  @Test func impossiblePlacesAreReported() {
    #expect(throws: FileError.unwritable(path: "/dev/null", reason: "a file has this name")) {
      try AtomicFile.write([1], to: "/dev/null/child")
    }
  }

  @Test func existingFilesStayUnlessReplacing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    try AtomicFile.write([1], to: path, replacing: false)
    #expect(throws: FileError.exists(path: path)) { try AtomicFile.write([2], to: path, replacing: false) }
    #expect(try FileBytes.read(path) == [1])
    #expect(try Folders.contents(of: folder.path) == ["file"])
  }
}

@Suite struct FileBytesTests {
  @Test func readsWholeFilesWithinTheLimit() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    try AtomicFile.write(bytes, to: folder.path + "/file")
    #expect(try FileBytes.read(folder.path + "/file") == bytes)
    #expect(throws: FileError.self) { try FileBytes.read(folder.path + "/file", limit: 299_999) }
    // Endless, and without a size of its own.
    #expect(throws: FileError.self) { try FileBytes.read("/dev/zero", limit: 5_000_000) }
    #expect(throws: FileError.isFolder(path: folder.path)) { try FileBytes.read(folder.path) }
  }
}

@Suite struct DigestTests {
  @Test func digestsAreSHA256() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("abc".utf8, to: folder.path + "/abc")
    // FIPS 180-2, appendix B.1.
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(try SHA256.hexadecimal(ofFile: folder.path + "/abc") == expected)
    #expect(try BackgroundDigest(ofFile: folder.path + "/abc").value() == expected)
    #expect(throws: FileError.notFound(path: folder.path + "/none")) {
      try BackgroundDigest(ofFile: folder.path + "/none").value()
    }
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
