import Files
import Reports
import Tensors
import Testing

@Suite struct InputRecordsTests {
  private static func inputs(_ count: Int) -> [Manifest.Input] {
    (0..<count).map { index in
      var input = Manifest.Input(path: "photos/\(index) \"ü\"\n.jpg")
      input.size = index % 3 == 0 ? nil : [index, 7]
      input.seconds = Double(index) / 3
      input.warnings = index % 5 == 0 ? ["[", "  \"inputs\" : ["] : []
      if index % 7 == 0 { input.error = "no [picture], {sorry}" }
      return input
    }
  }

  /// Whether or not they fit into memory, the manifest is the one that holds them itself, to the byte.
  @Test(arguments: [(0, 1 << 20), (1, 1 << 20), (1, 0), (50, 1 << 20), (50, 1000), (50, 0), (700, 5000)])
  func areWrittenAsIfTheManifestHeldThem(count: Int, limit: Int) throws {
    let temporary = try TemporaryFolder()
    let records = InputRecords(folder: temporary.path, limit: limit)
    var manifest = Manifest(
      edviz: "1", command: ["edviz", "\n  \"inputs\" : ["],
      engine: Manifest.Engine(backend: ConvolutionBackends.preferred), model: nil)
    manifest.scale = "per-map"
    let inputs = Self.inputs(count)
    for input in inputs { try records.append(input) }
    #expect(records.count == count)
    let folder = try ResultFolder(named: temporary.path, force: false)
    try folder.finish(&manifest, inputs: records)
    manifest.inputs = inputs
    let path = temporary.path + "/manifest.json"
    #expect(try FileBytes.read(path) == manifest.encoded())
    #expect(try Manifest(contentsOf: path).inputs.map(\.path) == inputs.map(\.path))
    // Nothing else is left.
    #expect(try Folders.contents(of: temporary.path) == ["manifest.json"])
  }

  /// Before there is a folder, they make none.
  @Test func noFolderIsMadeForThem() throws {
    let temporary = try TemporaryFolder()
    let records = InputRecords(folder: temporary.path + "/results", limit: 10)
    for input in Self.inputs(20) { try records.append(input) }
    #expect(try Folders.contents(of: temporary.path).isEmpty)
    var bytes: [UInt8] = []
    let manifest = Manifest(
      edviz: "1", command: [], engine: Manifest.Engine(backend: ConvolutionBackends.preferred), model: nil)
    try manifest.encode(inputs: records) { bytes += $0 }
    var whole = manifest
    whole.inputs = Self.inputs(20)
    #expect(try bytes == whole.encoded())
  }
}
