import Files
import Reports
import Tensors
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

  private static func manifest() -> Manifest {
    Manifest(
      edviz: "1", command: ["edviz"], engine: Manifest.Engine(backend: ConvolutionBackends.preferred),
      model: nil)
  }

  /// Whatever an earlier run wrote goes with it, also if a run between was cut off.
  @Test func replacedResultsGoAltogether() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/results"
    func run(_ shared: [String], _ own: [String], force: Bool = true, isCutOff: Bool = false) throws {
      let folder = try ResultFolder(named: path, force: force)
      var manifest = Self.manifest()
      var input = Manifest.Input(path: "cat.jpg")
      for name in own { try folder.write([1], to: name, of: &input) }
      for name in shared { try folder.write([2], to: name) }
      manifest.inputs = [input]
      guard !isCutOff else { return }
      try folder.finish(&manifest)
      #expect(manifest.outputs == (shared.isEmpty ? nil : shared) && input.outputs == own)
      #expect(try Manifest(contentsOf: path + "/manifest.json").files == Set(shared + own))
    }
    func names() throws -> Set<String> { Set(try Folders.contents(of: path)) }
    try run(["report.html", "curves.csv"], ["cat-map.png", "cat-overlay.png"], force: false)
    try AtomicFile.write([9], to: path + "/mine.txt")
    try run(["curves.csv"], ["dog-map.png"])
    #expect(try names() == ["manifest.json", "curves.csv", "dog-map.png", "mine.txt"])
    // Nothing tells of results that are not there, and what they were is not forgotten.
    try run(["blocks.csv"], ["cow-map.png"], isCutOff: true)
    #expect(Folders.kind(of: path + "/manifest.json") == nil)
    try run(["blocks.csv"], ["pig-map.png"], isCutOff: true)
    try run([], ["cow-map.png"])
    #expect(try names() == ["manifest.json", "cow-map.png", "mine.txt", "blocks.csv", "pig-map.png"])
    #expect(throws: FileError.exists(path: path + "/manifest.json")) { try run([], [], force: false) }
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
