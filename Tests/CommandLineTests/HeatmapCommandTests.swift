import EDViz
import Foundation
import Testing

@Suite struct HeatmapCommandTests {
  private let photo = Program.repository("Examples/Photos/chelsea.jpg")

  @Test func oneCommandMakesAnOverlay() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["heatmap", photo], in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    let results = folder.path + "/Output/heatmap/chelsea/"
    #expect(outcome.output.contains("Output/heatmap/chelsea/chelsea-overlay.png"))
    let overlay = try Image(contentsOf: results + "chelsea-overlay.png")
    let original = try Image(contentsOf: photo)
    #expect(overlay.width == original.width && overlay.height == original.height)
    let raw = try NumPyArray(contentsOf: results + "chelsea-layer4.1-output.npy")
    let manifest = try JSONDecoder().decode(
      Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: results + "manifest.json")))
    #expect(manifest.inputs.count == 1 && manifest.inputs[0].error == nil)
    #expect(manifest.inputs[0].maps[0].size == raw.shape)
    #expect(manifest.inputs[0].maps[0].rawRange == [raw.elements.min(), raw.elements.max()])
    #expect(manifest.inputs[0].classes.count == 5)
    #expect(manifest.model?.checkpoint == nil && manifest.model?.checkpointSHA256?.count == 64)
    #expect(Set(manifest.inputs[0].outputs + ["manifest.json"]) == Set(try Folders.contents(of: results)))

    // The same command again finds a folder of its own; a named folder is not overwritten.
    #expect(try Program.run(["heatmap", photo, "-q"], in: folder.path).status == 0)
    #expect(try Folders.contents(of: folder.path + "/Output/heatmap") == ["chelsea", "chelsea-2"])
    let refused = try Program.run(["heatmap", photo, "--output", results], in: folder.path)
    #expect(refused.status == 73)
    #expect(refused.errors.contains("exists already"))
    #expect(try Program.run(["heatmap", photo, "--output", results, "--force"], in: folder.path).status == 0)
  }

  @Test func severalBranchesStandSideBySide() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "heatmap", photo, "-r", "x", "-r", "F", "-r", "ED", "-r", "x+ED", "--scale", "shared", "--color-bar",
      "--json",
      "--output", folder.path + "/r",
    ]
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 0)
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8))
    #expect(manifest.inputs[0].maps.map(\.branch) == ["input", "transform", "decoder", "x+ED"])
    #expect(Set(manifest.inputs[0].maps.compactMap(\.scale)).count == 1)
    let overlay = try Image(contentsOf: folder.path + "/r/chelsea-overlay.png")
    #expect(overlay.width > 5 * 451)
  }

  @Test func badFilesStopNothing() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Array("not a picture".utf8), to: folder.path + "/photos/bad.jpg")
    try AtomicFile.write(
      try Image(contentsOf: photo).encodedPNG(), to: folder.path + "/photos/inner/good.png")
    let mixed = try Program.run(["heatmap", "photos", "none.jpg"], in: folder.path)
    #expect(mixed.status == 1)
    #expect(mixed.errors.contains("edviz: photos/bad.jpg: is not a picture of a known format"))
    #expect(mixed.errors.contains("edviz: none.jpg: no such file or folder"))
    #expect(mixed.errors.contains("2 of 3 inputs failed"))
    #expect(mixed.output.contains("good-overlay.png"))

    let missing = try Program.run(["heatmap", "none.jpg"], in: folder.path)
    #expect(missing.status == 66)
    #expect(missing.errors == "edviz: none.jpg: no such file or folder\n")
    #expect(try Program.run(["heatmap", "photos/bad.jpg"], in: folder.path).status == 65)
    let empty = try Program.run(["heatmap", "photos/inner/*.jpg", "--json"], in: folder.path)
    #expect(empty.status == 66)
    let record = try JSONSerialization.jsonObject(with: Data(empty.errors.utf8)) as? [String: [String: Any]]
    #expect(record?["error"]?["code"] as? Int == 66)
  }

  @Test func inputsComeFromStandardInputAndPatterns() throws {
    let folder = try TemporaryFolder()
    let picture = try Image(contentsOf: photo).resized(width: 40, height: 30).encodedPNG()
    for name in ["a.png", "b.png", "c.png"] { try AtomicFile.write(picture, to: folder.path + "/" + name) }
    let listed = try Program.run(
      ["heatmap", "-", "--output", "r", "-q"], in: folder.path, input: "a.png\n\nc.png\n")
    #expect(listed.status == 0)
    #expect(
      try Folders.contents(of: folder.path + "/r").filter { $0.hasSuffix("-overlay.png") } == [
        "a-overlay.png", "c-overlay.png",
      ])
    let matched = try Program.run(["heatmap", "[ab].png", "--output", "s", "-q"], in: folder.path)
    #expect(matched.status == 0)
    #expect(
      try Folders.contents(of: folder.path + "/s").filter { $0.hasSuffix("-overlay.png") } == [
        "a-overlay.png", "b-overlay.png",
      ])
  }

  @Test func photographsThatLieOnTheirSideAreUpright() throws {
    let folder = try TemporaryFolder()
    // An EXIF orientation of 6 in front of an ordinary JPEG: the first row of the file is the right edge.
    let plain = try Image(contentsOf: photo).resized(width: 60, height: 30).encodedJPEG()
    var exif: [UInt8] = [0xFF, 0xE1, 0, 34]
    exif += Array("Exif\0\0MM\0*".utf8)
    exif += [0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0] as [UInt8]
    let turned: [UInt8] = Array(plain[..<2]) + exif + Array(plain[2...])
    try AtomicFile.write(turned, to: folder.path + "/turned.jpg")
    #expect(try Program.run(["heatmap", "turned.jpg", "--output", "r"], in: folder.path).status == 0)
    let overlay = try Image(contentsOf: folder.path + "/r/turned-overlay.png")
    #expect(overlay.width == 30 && overlay.height == 60)
  }

  static let endings: [([String], Int32)] = [
    (["heatmap"], 64),
    (["heatmap", "x.jpg", "--alpha", "2"], 64),
    (["heatmap", "x.jpg", "--scale", "3:1"], 64),
    (["heatmap", "x.jpg", "--colormap", "rainbow"], 64),
    (["nonsense"], 64),
    (["heatmap", "x.jpg", "--block", "layer9.9"], 64),
    (["heatmap", "x.jpg", "--branch", "left"], 64),
    (["heatmap", "x.jpg", "--model", "ed-resnet50"], 64),
    (["heatmap", "x.jpg", "--mean", "nan,0,0"], 64),
    (["heatmap", "x.jpg", "--std", "0,1,1"], 64),
    (["heatmap", "x.jpg", "--mean", "1,2"], 64),
    (["heatmap", "x.jpg", "--threads", "99999999"], 64),
    (["heatmap", "x.jpg", "--size", "9000"], 64),
    (["heatmap", "x.jpg", "--weights", "none.pth"], 66),
    (["heatmap", "--help"], 0),
    (["--version"], 0),
  ]

  @Test(arguments: endings)
  func exitCodesAreAsDocumented(arguments: [String], status: Int32) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.status == status)
    #expect(outcome.errors.isEmpty == (status == 0))
    #expect(try Folders.contents(of: folder.path).isEmpty)
  }

  /// Also with many inputs, some of which are being decoded ahead when the run ends.
  @Test func resultsThatCannotBeWrittenEndTheRun() throws {
    for photos in [[photo], [String](repeating: photo, count: 9)] {
      let outcome = try Program.run(["heatmap", "--output", "/dev/null/results"] + photos)
      #expect(outcome.status == 73)
      #expect(outcome.errors.contains("cannot be written"))
    }
    #expect(try Program.run(["heatmap", photo, "--output", ""]).status == 64)
  }

  @Test func replacedResultsLeaveNothingBehind() throws {
    let folder = try TemporaryFolder()
    let arguments = ["heatmap", photo, "-q", "--output", folder.path + "/r"]
    #expect(try Program.run(arguments + ["-r", "x", "-r", "ED"]).status == 0)
    #expect(try Program.run(arguments + ["--force"]).status == 0)
    let expected = ["chelsea-layer4.1-output.npy", "chelsea-map.png", "chelsea-overlay.png", "manifest.json"]
    #expect(try Folders.contents(of: folder.path + "/r") == expected)
  }

  @Test func longNamesAreShortened() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "ä", count: 120) + ".png"
    try AtomicFile.write(try Image(contentsOf: photo).encodedPNG(), to: folder.path + "/" + name)
    #expect(try Program.run(["heatmap", name, "-q", "--output", "r"], in: folder.path).status == 0)
    #expect(try Folders.contents(of: folder.path + "/r").count == 4)
  }

  /// Pictures of every shape, with titles and bars, and wider than cairo's surfaces.
  @Test func extremeShapesAreDrawn() throws {
    let folder = try TemporaryFolder()
    for (width, height) in [(1, 1), (9000, 4), (3, 700)] {
      let image = Image(width: width, height: height, filledWith: Color(red: 90, green: 120, blue: 30))
      try AtomicFile.write(image.encodedPNG(), to: folder.path + "/\(width)x\(height).png")
    }
    let branches = AttentionBranch.all.flatMap { ["-r", $0.name] }
    let outcome = try Program.run(
      ["heatmap", ".", "--color-bar", "--output", "r"] + branches, in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("squeezed"))
    #expect(try Image(contentsOf: folder.path + "/r/9000x4-overlay.png").width > 99_000)
  }

  @Test func wrongEnvironmentsAreNamed() throws {
    for variable in ["EDVIZ_BACKEND", "EDVIZ_CPU"] {
      let outcome = try Program.run(["models", "list"], environment: [variable: "foo"])
      #expect(outcome.status == 64)
      #expect(outcome.errors.hasPrefix("edviz: \(variable) is 'foo', but must be"))
    }
  }

  @Test func lostOutputIsAnError() throws {
    let shell = try Program.run(path: "/bin/sh", ["-c", "'\(Program.path)' models list >/dev/full"])
    #expect(shell.status == 73)
    #expect(shell.errors == "edviz: standard output cannot be written: No space left on device\n")
  }
}
