import EDViz
import Foundation
import Testing

@Suite struct StatsCommandTests {
  private let photos = Program.repository("Examples/Photos")

  private func manifest(_ folder: String) throws -> Manifest {
    try JSONDecoder().decode(
      Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json")))
  }

  private func lines(_ path: String) throws -> [[String]] {
    try String(decoding: FileBytes.read(path), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func photographsGiveTablesChartsAndAPage() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["stats", photos, "--blocks", "last", "--report", "--theme", "dark"], in: folder.path)
    #expect(outcome.status == 0)
    let results = folder.path + "/Output/stats/Photos"
    let manifest = try manifest(results)
    let found = try #require(manifest.statistics)
    #expect(found.count == 4 && found.rows.map(\.branch) == Branch.allCases.map(\.rawValue))
    #expect(found.rows.allSatisfy { $0.block == "layer4.1" && $0.pictures == 4 })
    let shortcut = try #require(found.rows.first { $0.branch == "shortcut" })
    #expect(shortcut.rootMeanSquareToX == 1 && shortcut.meanAbsoluteToX == 1)
    #expect(outcome.output.contains("layer4.1  transform") && outcome.output.contains("4 pictures"))
    #expect(
      found.rows.contains { $0.isChessboard } == outcome.errors.contains("alternate more than in white noise")
    )
    #expect(found.rows.allSatisfy { ($0.chessboard ?? -1) >= 0 && ($0.whiteNoise ?? 0) > 0.05 })
    let outputs = try #require(manifest.outputs)
    #expect(Set(outputs + ["manifest.json"]) == Set(try Folders.contents(of: results)))

    let blocks = try lines(results + "/blocks.csv")
    #expect(blocks.count == 8 && blocks.allSatisfy { $0.count == blocks[0].count })
    let column = try #require(blocks[0].firstIndex(of: "positive_share"))
    #expect(blocks[1...].map { Double($0[column]) } == found.rows.map(\.positiveShare))
    let channels = try lines(results + "/channels.csv")
    #expect(channels.count == 1 + found.rows.map(\.channels).reduce(0, +))
    let histogram = try lines(results + "/histogram.csv").dropFirst()
    let pictures = histogram.filter { $0[1] == "decoder" && $0[2] == "positive_share" }
    #expect(pictures.count == 50 && pictures.compactMap { Int($0[5]) }.reduce(0, +) == 4)
    #expect(try Image(contentsOf: results + "/positive-distribution.png").width > 400)
    let page = String(decoding: try FileBytes.read(results + "/report.html"), as: UTF8.self)
    #expect(page.contains("rocket.jpg") && page.contains("data:image/jpeg"))

    // Without --report again in the same folder, nothing old is left.
    #expect(try Program.run(["stats", photos, "-o", results, "-q"], in: folder.path).status == 73)
    let again = [
      "stats", photos, "-o", results, "-q", "--force", "--limit", "2", "-r", "F", "-b", "layer2.0",
    ]
    #expect(try Program.run(again, in: folder.path).status == 0)
    #expect(Folders.kind(of: results + "/report.html") == nil)
    let second = try #require(try self.manifest(results).statistics)
    #expect(second.count == 2 && second.rows.map(\.branch) == ["transform"])
  }

  @Test func datasetsAreReadAndBadPicturesNamed() throws {
    let folder = try TemporaryFolder()
    let picture = try Image(contentsOf: photos + "/chelsea.jpg").resized(width: 40, height: 30).encodedPNG()
    for name in ["train/a/1.png", "test/a/2.png", "test/b/3.png"] {
      try AtomicFile.write(picture, to: "\(folder.path)/data/\(name)")
    }
    try AtomicFile.write(Array("no".utf8), to: folder.path + "/data/test/b/4.png")
    let outcome = try Program.run(
      ["stats", "--data", "data", "-b", "last", "-r", "ED", "-o", "r", "--json", "--report"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("data/test/b/4.png: is not a picture of a known format"))
    let record = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8))
    #expect(record.statistics?.count == 2 && record.inputs.count == 1 && record.inputs[0].error != nil)
    #expect(try manifest(folder.path + "/r").statistics?.rows[0].pictures == 2)
    let train = try Program.run(
      ["stats", "--data", "data", "--split", "train", "-o", "t", "-q"], in: folder.path)
    #expect(train.status == 0)
  }

  @Test func mistakesAreSentences() throws {
    let folder = try TemporaryFolder()
    let wrong: [([String], Int32, String)] = [
      ([], 64, "name either pictures or --data"),
      ([photos, "--data", photos], 64, "name either pictures or --data"),
      ([photos, "--split", "test"], 64, "belong to --data"),
      ([photos, "--limit", "0"], 64, "--limit must be at least 1"),
      ([photos, "--batch", "0"], 64, "--batch must be from 1 to 4096"),
      ([photos, "--theme", "blue"], 64, "--theme must be light or dark"),
      ([photos, "--blocks", "layer9.9"], 64, "no block is called 'layer9.9'"),
      ([photos, "-r", "y"], 64, "no branch is called 'y'"),
      (["none.jpg"], 66, "none.jpg: no such file"),
      (["--data", "none"], 66, "none: no such file"),
    ]
    for (arguments, status, sentence) in wrong {
      let outcome = try Program.run(["stats"] + arguments, in: folder.path)
      #expect(outcome.status == status, "\(arguments)")
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
    #expect(try Folders.contents(of: folder.path + "/Output/stats").isEmpty)
  }
}

@Suite struct HeatmapReportTests {
  @Test func namesOfFilesAreHarmless() throws {
    let folder = try TemporaryFolder()
    let photo = try Image(contentsOf: Program.repository("Examples/Photos/coffee.jpg"))
    let small = try photo.resized(width: 60, height: 40).encodedJPEG()
    // A name cannot hold a slash; a path can.
    let names = ["in/<script>alert(1)</script>.jpg", "in/\"onload='alert(2)' {{title}}.jpg", "in/plain.jpg"]
    for name in names { try AtomicFile.write(small, to: folder.path + "/" + name) }
    try AtomicFile.write(Array("bad".utf8), to: folder.path + "/in/bad.jpg")
    let outcome = try Program.run(
      ["heatmap", "in", "-r", "x", "-r", "ED", "--report", "-o", "r"], in: folder.path)
    #expect(outcome.status == 1)
    let page = String(decoding: try FileBytes.read(folder.path + "/r/report.html"), as: UTF8.self)
    #expect(!page.contains("<script>alert") && !page.contains("onload='"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;.jpg") && page.contains("plain.jpg"))
    #expect(page.contains("probability") && page.contains("<dt>failed</dt><dd>1</dd>"))
    let plain = try Program.run(
      ["heatmap", "in/plain.jpg", "--top", "0", "--report", "-o", "s"], in: folder.path)
    #expect(plain.status == 0)
    let second = String(decoding: try FileBytes.read(folder.path + "/s/report.html"), as: UTF8.self)
    #expect(second.contains("Strongest response") && !second.contains("probability"))
  }
}
