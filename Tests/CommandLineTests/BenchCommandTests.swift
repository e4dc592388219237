import EDViz
import Foundation
import Testing

@Suite struct BenchCommandTests {
  private struct Record: Decodable {
    struct Measured: Decodable {
      struct Count: Decodable { var count: Int }
      struct Part: Decodable { var block: String }
      var latency: Count
      var peak: Count
      var batch: Int
      var taps: Bool
      var threads: Int
      var parts: [Part]
    }
    var name: String
    var measured: Measured
  }

  @Test func jsonAndTableHaveTheSameParts() throws {
    let folder = try TemporaryFolder()
    let words = [
      "bench", "-m", "cifar-ed-resnet20", "--size", "16x24", "--batch", "2", "--runs", "2", "--threads", "1",
      "--taps",
      "all", "-o", "branches.csv",
    ]
    let outcome = try Program.run(words + ["--json"], in: folder.path)
    #expect(outcome.status == 0 && outcome.errors == "")
    let record = try JSONDecoder().decode(Record.self, from: Data(outcome.output.utf8))
    #expect(record.name == "cifar-ed-resnet20")
    let measured = record.measured
    #expect(measured.latency.count == 2 && measured.peak.count == 2)
    #expect(measured.batch == 2 && measured.taps && measured.threads == 1)
    var blocks: [String] = []
    try CSV.forEachLine(ofFile: folder.path + "/branches.csv") { _, fields in blocks.append(fields[0]) }
    #expect(blocks == ["block"] + measured.parts.map { $0.block })
    // What is there stays there.
    #expect(try Program.run(words, in: folder.path).status == 73)
    let text = try Program.run(words + ["--force"], in: folder.path)
    #expect(text.status == 0)
    for word in [
      "latency:", "2 images of 16×24, every branch tapped: 1 thread", "layer3.2", "encoders",
      "between the steps",
    ] {
      #expect(text.output.contains(word))
    }
  }

  @Test func theBundledModelAndWeightFilesAreMeasured() throws {
    let folder = try TemporaryFolder()
    let bundled = try Program.run(["bench", "--runs", "1"])
    #expect(bundled.status == 0 && bundled.output.contains("latency:"))
    let path = folder.path + "/w.safetensors"
    try AtomicFile.write(Model.bundledBytes, to: path)
    #expect(try Program.run(["bench", "-w", path, "--runs", "1"]).status == 0)
  }

  private static let mistakes: [(words: [String], status: Int32)] = [
    (["--batch", "0"], 64), (["--runs", "0"], 64), (["--seconds", "-1"], 64), (["--seconds", "nan"], 64),
    (["--size", "0"], 64), (["--taps", "some"], 64), (["--threads", "2000"], 64),
    (["-m", "ed-resnet5O"], 64),
    (["-w", "absent.pth"], 66),
  ]

  @Test(arguments: mistakes)
  func mistakesAreNamed(words: [String], status: Int32) throws {
    let outcome = try Program.run(["bench"] + words)
    #expect(outcome.status == status && outcome.output == "" && outcome.errors != "")
  }
}
