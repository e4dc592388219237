import Glibc
import Synchronization
import Testing

@testable import Files

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

/// What a file system without nameless files is written to in another way.
@Suite struct NamedAtomicFileTests {
  @Test func temporaryNamesComeAndGo() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    do {
      let dropped = try AtomicFile(namedBeside: path)
      try [UInt8](repeating: 7, count: 100).withUnsafeBytes { try dropped.write($0) }
      let names = try Folders.contents(of: folder.path)
      #expect(names.count == 1 && names[0].hasPrefix(".edviz."))
    }
    #expect(try Folders.contents(of: folder.path).isEmpty)
    for (bytes, replacing) in [([1, 2], false), ([3], true)] as [([UInt8], Bool)] {
      let file = try AtomicFile(namedBeside: path)
      try bytes.withUnsafeBytes { try file.write($0) }
      try file.commit(replacing: replacing, durable: true)
      #expect(try FileBytes.read(path) == bytes)
    }
    let late = try AtomicFile(namedBeside: path)
    #expect(throws: FileError.exists(path: path)) { try late.commit(replacing: false) }
    #expect(try FileBytes.read(path) == [3])
  }

  /// Both ways give the mode that the process's mask leaves, whatever other threads do.
  @Test func modesAreThoseOfTheMask() throws {
    let folder = try TemporaryFolder()
    func mode(_ path: String) -> UInt32 {
      var status = stat()
      return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
    let path = folder.path + "/plain"
    close(open(path, O_WRONLY | O_CREAT, 0o666))
    for (index, file) in try [AtomicFile(path: path + "-0"), AtomicFile(namedBeside: path + "-1")]
      .enumerated()
    {
      try file.commit()
      #expect(mode("\(path)-\(index)") == mode(path))
    }
    let status = String(decoding: try FileBytes.read("/proc/self/status"), as: UTF8.self)
    let mask = status.split(separator: "\n").first { $0.hasPrefix("Umask:") }?.suffix(4)
    #expect(mask.flatMap { UInt32($0, radix: 8) }.map { 0o666 & ~$0 } == mode(path))
  }
}

/// Each change of the disk fails in turn: what had a name keeps its bytes, and nothing else gets one.
@Suite struct DiskChangeTests {
  @Test(arguments: [false, true], [ENOSPC, EIO])
  func filesStayWhole(named: Bool, code: Int32) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/deep/file"
    func write(_ byte: UInt8, failingAt number: Int) throws -> Int {
      let count = Mutex(0)
      let watcher: @Sendable (DiskChange) -> Int32? = { _ in
        count.withLock { count in
          count += 1
          return count == number ? code : nil
        }
      }
      try DiskChange.watcher.with(watcher) {
        let file = try named ? AtomicFile(namedBeside: path) : AtomicFile(path: path)
        try [byte, byte].withUnsafeBytes { try file.write($0) }
        try file.commit(durable: true)
      }
      return count.withLock { $0 }
    }
    // Create, write, synchronise, close, rename (after a link), synchronise the folder; first also make the folder.
    let changes = try write(1, failingAt: 0)
    #expect(changes == (named ? 7 : 8))
    for number in 1..<changes {
      let error = #expect(throws: FileError.self) { try write(2, failingAt: number) }
      let isLast = number == changes - 1
      #expect("\(try #require(error))".contains(isLast ? folder.path + "/deep" : path))
      // Only the folder's own synchronisation comes behind the name.
      #expect(try FileBytes.read(path) == (isLast ? [2, 2] : [1, 1]))
      #expect(try Folders.contents(of: folder.path + "/deep") == ["file"])
    }
  }

  @Test func linksAndLogsSayWhatFailed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    try AtomicFile.write([1], to: path)
    for kind in [DiskChange.Kind.link, .rename] {
      let error = DiskChange.watcher.with({ $0.kind == kind ? EIO : nil }) {
        #expect(throws: FileError.self) { try Folders.link(path, as: folder.path + "/b") }
      }
      #expect("\(try #require(error))".contains(folder.path + "/b"))
      #expect(try Folders.contents(of: folder.path) == ["a"])
    }
    let log = try LogFile(path: folder.path + "/log")
    for kind in [DiskChange.Kind.write, .synchronize] {
      DiskChange.watcher.with({ $0.kind == kind ? ENOSPC : nil }) {
        _ = #expect(throws: FileError.self) {
          try log.append("line")
          try log.synchronize()
        }
      }
    }
  }
}

@Suite struct MemoryLimitTests {
  /// A root folder with these files.
  private func root(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (path, text) in files { try AtomicFile.write(text.utf8, to: folder.path + path) }
    return folder
  }

  @Test func groupsOfEitherVersionCount() throws {
    let second = "/sys/fs/cgroup", first = "/sys/fs/cgroup/memory"
    let cases: [(files: [String: String], expected: Int)] = [
      ([:], 1000),
      (["/proc/self/cgroup": "0::/\n", second + "/memory.max": "max\n"], 1000),
      (["/proc/self/cgroup": "0::/\n", second + "/memory.max": "700\n"], 700),
      (
        [
          "/proc/self/cgroup": "0::/a/b\n", second + "/a/memory.max": "600\n",
          second + "/a/b/memory.max": "max\n",
        ], 600
      ),
      (
        [
          "/proc/self/cgroup": "0::/a/b\n", second + "/a/b/memory.max": "500\n",
          second + "/memory.max": "900\n",
        ], 500
      ),
      // A container sees its group as the root.
      (["/proc/self/cgroup": "0::/../else\n", second + "/memory.max": "400\n"], 400),
      (
        [
          "/proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/c/d\n0::/\n",
          first + "/c/d/memory.limit_in_bytes": "300\n",
          first + "/memory.limit_in_bytes": "9223372036854771712\n",
        ], 300
      ),
      (
        ["/proc/self/cgroup": "4:memory:/c\n", first + "/memory.limit_in_bytes": "9223372036854771712\n"],
        1000
      ),
      (["/proc/self/cgroup": "nonsense\n0:/\n", second + "/memory.max": "2\n"], 1000),
      (["/proc/self/cgroup": "0::/\n", second + "/memory.max": "-5\n"], 1000),
    ]
    for (files, expected) in cases {
      let folder = try root(files)
      #expect(PhysicalMemory.limit(root: folder.path, builtIn: 1000) == expected, "\(files)")
    }
    #expect(PhysicalMemory.limit(root: "/nowhere", addresses: 50, builtIn: 1000) == 50)
    #expect(PhysicalMemory.usable > 0 && PhysicalMemory.usable <= PhysicalMemory.bytes)
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
