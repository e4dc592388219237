import EDViz
import Foundation
import Testing

@Suite struct FigureCommandTests {
  private let photos = Program.repository("Examples/Photos")

  private func manifest(_ folder: String) throws -> Manifest {
    try Manifest(contentsOf: folder + "/manifest.json")
  }

  /// Two small photographs, one of them on its side with a note in EXIF that says so.
  private func pictures(in folder: TemporaryFolder) throws {
    let photo = try Image(contentsOf: photos + "/coffee.jpg").resized(width: 96, height: 64)
    try AtomicFile.write(photo.encodedJPEG(), to: folder.path + "/in/coffee.jpg")
    try AtomicFile.write(photo.encodedPNG(), to: folder.path + "/in/again.png")
  }

  @Test func everyFormatAndTheRecordAreWritten() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    for (number, rows) in [("1", 4), ("2", 2), ("4", 2)] {
      let outcome = try Program.run(
        ["figure", number, "in", "--title", "Two & two", "--scale", "shared", "--dpi", "72"], in: folder.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let results = "\(folder.path)/Output/figure/\(number)/again-and-1-more"
      #expect(outcome.output.contains("Output/figure/\(number)/again-and-1-more/figure-\(number).pdf"))
      let manifest = try manifest(results)
      #expect(manifest.outputs == ["png", "svg", "pdf"].map { "figure-\(number).\($0)" })
      #expect(
        manifest.figure?.name == number && manifest.figure?.theme == "light" && manifest.scale == "shared")
      #expect(
        manifest.inputs.count == 2 && manifest.inputs.allSatisfy { $0.error == nil && $0.sha256?.count == 64 }
      )
      #expect(try Image(contentsOf: "\(results)/figure-\(number).png").height > 60 * rows)
      let svg = String(decoding: try FileBytes.read("\(results)/figure-\(number).svg"), as: UTF8.self)
      #expect(svg.contains("Two &amp; two") && svg.contains("data:image/png;base64"))
      let pdf = try FileBytes.read("\(results)/figure-\(number).pdf")
      #expect(pdf.starts(with: Array("%PDF".utf8)))
    }
    let four = try manifest(folder.path + "/Output/figure/4/again-and-1-more")
    #expect(four.masking?.threshold == "mean" && four.figure?.models?.map(\.name) == ["default"])
  }

  @Test func oneFileIsWrittenUnderItsName() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    let line = ["figure", "2", "in/coffee.jpg", "-r", "x", "-r", "ED", "-o", "f/two.svg", "--theme", "dark"]
    #expect(try Program.run(line, in: folder.path).output == "f/two.svg\n")
    #expect(try Folders.contents(of: folder.path + "/f") == ["two.svg"])
    let first = try FileBytes.read(folder.path + "/f/two.svg")
    let again = try Program.run(line, in: folder.path)
    #expect(again.status == 73 && again.errors.contains("f/two.svg"))
    #expect(try Program.run(line + ["--force"], in: folder.path).status == 0)
    #expect(try FileBytes.read(folder.path + "/f/two.svg") == first)
    #expect(String(decoding: first, as: UTF8.self).contains("#14181d"))
  }

  @Test func badPicturesAndMasksAreNamed() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    try AtomicFile.write(Array("no".utf8), to: folder.path + "/in/bad.jpg")
    let mask = Mask(width: 96, height: 64, values: (0..<96 * 64).map { $0 % 96 > 40 })
    try AtomicFile.write(mask.encodedPNG(), to: folder.path + "/masks/coffee.png")
    let outcome = try Program.run(
      ["figure", "4", "in", "--masks", "masks", "-o", "r", "--format", "png"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("in/bad.jpg: is not a picture of a known format"))
    #expect(outcome.errors.contains("in/again.png: has no mask of its name"))
    #expect(outcome.errors.contains("2 of 3 inputs failed or have no usable mask"))
    let manifest = try manifest(folder.path + "/r")
    #expect(manifest.inputs.count == 3 && manifest.inputs.count { $0.error != nil } == 2)
    #expect(try Program.run(["figure", "1", "in/bad.jpg"], in: folder.path).status == 65)
    #expect(try Folders.contents(of: folder.path + "/Output/figure/1").isEmpty)
  }

  /// Photographs whose masks are damaged or missing are shown without them, but not without a word.
  @Test func badMasksAreCountedAlsoQuietly() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    try AtomicFile.write(Array("no".utf8), to: folder.path + "/masks/coffee.png")
    let line = ["figure", "4", "in", "--masks", "masks", "-q", "--format", "svg", "--dpi", "72"]
    let outcome = try Program.run(line + ["-o", "r"], in: folder.path)
    #expect(outcome.status == 1 && outcome.output == "r/figure-4.svg\n", "\(outcome.errors)")
    let told = outcome.errors.split(separator: "\n")
    #expect(told.count == 3 && told.contains("edviz: in/again.png: has no mask of its name"))
    #expect(told.contains { $0.hasPrefix("edviz: masks/coffee.png: is not a picture of a known format") })
    #expect(told.last == "edviz: 2 of 2 inputs have no usable mask")
    let manifest = try manifest(folder.path + "/r")
    #expect(manifest.inputs.allSatisfy { $0.error != nil && $0.maps.count == 1 })
    // Half a photograph without a mask is one input that both is said of.
    let whole = try FileBytes.read(folder.path + "/in/coffee.jpg")
    try AtomicFile.write(whole.prefix(whole.count * 2 / 3), to: folder.path + "/half/coffee.jpg")
    let half = try Program.run(
      line.map { $0 == "in" ? "half" : $0 } + ["-o", "h"], in: folder.path)
    #expect(half.status == 1, "\(half.errors)")
    #expect(half.errors.contains("half/coffee.jpg: damaged JPEG file: it ends early"), "\(half.errors)")
    #expect(half.errors.hasSuffix("edviz: 1 of 1 inputs have no usable mask\n"), "\(half.errors)")
    let same = try Program.run(
      line.map { $0 == "masks" ? "./in" : $0 } + ["-o", "s"], in: folder.path)
    #expect(same.status == 64 && same.errors.contains("./in: holds no masks"), "\(same.errors)")
  }

  /// A file's name is not that of a folder.
  @Test func unknownFormatsAreNoFolders() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    let formats = "written as .png, .svg or .pdf; a folder of that name is"
    for (command, name, sentence) in [
      (["figure", "2", "in"], "x.gif", "x.gif: a figure is \(formats) 'x.gif/'"),
      (["figure", "4", "in"], "f/x.JPEG", "f/x.JPEG: a figure is \(formats) 'f/x.JPEG/'"),
      (["figure", "curves", "run"], "x.eps", "x.eps: a figure is \(formats) 'x.eps/'"),
      (["taps", "in/coffee.jpg"], "x.npz", "x.npz: activations are written as .safetensors; a folder"),
      (["models", "graph", "cifar-resnet20"], "x.gif", "x.gif: figures are written as .png, .jpg, .svg or"),
      (
        ["convert", Program.repository("Sources/CDefaultModel/default.safetensors")], "x.pth",
        "'x.pth' must end in .safetensors or .onnx"
      ),
    ] {
      let outcome = try Program.run(
        command + (command[0] == "convert" ? [name] : ["-o", name]), in: folder.path)
      #expect(outcome.status == 64 && outcome.errors.contains(sentence), "\(outcome.errors)")
      #expect(Folders.kind(of: folder.path + "/" + name) == nil)
    }
    for name in ["x.gif/", "2024.11.28", "run.2"] {
      let outcome = try Program.run(
        ["figure", "2", "in/coffee.jpg", "--format", "svg", "--dpi", "72", "-r", "x", "-o", name],
        in: folder.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(Folders.kind(of: "\(folder.path)/\(name)/figure-2.svg") == .file)
    }
  }

  /// A photograph that lies on its side in the file makes the same figure as the upright one.
  @Test func photographsAreUpright() throws {
    let folder = try TemporaryFolder()
    let upright = try Image(contentsOf: photos + "/coffee.jpg").resized(width: 96, height: 64)
    try AtomicFile.write(upright.encodedPNG(), to: folder.path + "/up.png")
    // Orientation 8: the first row of the file is the left edge of the picture, its first column the lower edge.
    var turned = Image(width: 64, height: 96, filledWith: .white)
    for y in 0..<96 {
      for x in 0..<64 {
        let (from, to) = ((63 - x) * 96 + y, y * 64 + x)
        for byte in 0..<3 { turned.pixels[to * 3 + byte] = upright.pixels[from * 3 + byte] }
      }
    }
    var png = try turned.encodedPNG()
    png.insert(contentsOf: Self.exif, at: 33)
    try AtomicFile.write(png, to: folder.path + "/side.png")
    for name in ["up", "side"] {
      #expect(
        try Program.run(
          ["figure", "2", name + ".png", "-o", name + "/f.png", "--dpi", "72"], in: folder.path
        ).status == 0)
    }
    let (one, two) = (
      try FileBytes.read(folder.path + "/up/f.png"), try FileBytes.read(folder.path + "/side/f.png")
    )
    #expect(one == two)
  }

  /// An eXIf chunk of one entry, orientation 8: the picture is to be turned anticlockwise.
  private static let exif: [UInt8] = {
    let data: [UInt8] =
      Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0]
    let body = Array("eXIf".utf8) + data
    var sum: UInt32 = .max
    for byte in body {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    return big(UInt32(data.count)) + body + big(~sum)
  }()

  private func run(_ name: String, network: String, in folder: TemporaryFolder) throws {
    let table = """
      epoch,step,rate,train_loss,train_top1,validation_loss,validation_top1,validation_top5,s,v,i
      1,10,0.1,1.5,0.4,1.6,0.35,0.9,1,1,100
      2,20,0.01,1.1,0.6,1.2,0.5,0.9,1,1,100

      """
    try AtomicFile.write(Array(table.utf8), to: "\(folder.path)/\(name)/epochs.csv")
    let recipe = "network: \(network)\ndata: {train: {path: a}, validation: {path: b}}\n"
    try AtomicFile.write(Array(recipe.utf8), to: "\(folder.path)/\(name)/recipe.yaml")
  }

  @Test func trainingRunsMakeFigures() throws {
    let folder = try TemporaryFolder()
    try run("a", network: "cifar-ed-resnet20-s3p1", in: folder)
    try run("b", network: "cifar-resnet20", in: folder)
    try run("bad", network: "resnet9000", in: folder)
    let five = try Program.run(["figure", "5", "a", "plain=b", "none", "bad", "-o", "r"], in: folder.path)
    #expect(five.status == 1 && five.errors.contains("none: no such file"), "\(five.errors)")
    #expect(five.errors.contains("resnet9000") && five.errors.contains("2 of 4 inputs failed"))
    let manifest = try manifest(folder.path + "/r")
    #expect(manifest.model == nil && manifest.figure?.runs?.map(\.name) == ["a", "plain"])
    let ratios = try #require(manifest.figure?.runs?[0].reductionRatios)
    #expect(zip(ratios, [11.0 / 32, 6.0 / 16, 3.0 / 8]).allSatisfy { abs($0 - $1) < 1e-12 })
    let svg = String(decoding: try FileBytes.read(folder.path + "/r/figure-5.svg"), as: UTF8.self)
    #expect(svg.contains("cifar-resnet20, no ED"))
    #expect(try Program.run(["figure", "5", "b"], in: folder.path).status == 65)

    let curves = try Program.run(
      ["figure", "curves", "a", "second=b", "--loss-scale", "logarithmic", "-o", "c.svg"], in: folder.path)
    #expect(curves.status == 0)
    let drawn = String(decoding: try FileBytes.read(folder.path + "/c.svg"), as: UTF8.self)
    #expect(drawn.contains(">second<") && drawn.contains("training loss"))
  }

  @Test func distributionsAreThoseOfStats() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["figure", "6", photos, "--limit", "2", "--json", "--format", "svg"], in: folder.path)
    #expect(outcome.status == 0)
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8))
    #expect(manifest.outputs == ["figure-6.svg"] && manifest.statistics?.count == 2)
    let stats = try Program.run(
      ["stats", photos, "--limit", "2", "-b", "last", "-r", "x", "-r", "ED", "--json"], in: folder.path)
    let other = try JSONDecoder().decode(Manifest.self, from: Data(stats.output.utf8))
    #expect(manifest.statistics?.rows.map(\.positiveShare) == other.statistics?.rows.map(\.positiveShare))
  }

  @Test func mistakesAreSentences() throws {
    let folder = try TemporaryFolder()
    let photo = photos + "/coffee.jpg"
    let wrong: [([String], Int32, String)] = [
      (["1", "none.jpg"], 66, "none.jpg"),
      (["1", photo, "--channels", "999"], 64, "there is no channel 999 in the input of block layer4.1"),
      (["1", photo, "--channels", "1,1"], 64, "--channels"),
      (["1", photo, "--enhanced", "y"], 64, "no branch is called 'y'"),
      (["2", photo, "--block", "layer9.9"], 64, "no block is called 'layer9.9'"),
      (["2", photo, "--format", "bmp"], 64, "--format"),
      (["2", photo, "--format", "png", "-o", "a.pdf"], 64, "--output names one .pdf file"),
      (["2", photo, "--theme", "blue"], 64, "--theme must be light or dark"),
      (["2", photo, "--dpi", "9"], 64, "--dpi must be from 36 to 1200"),
      (["2", photo, "--cell", "1"], 64, "--cell must be from 40 to 1000"),
      (["4", photo, "--masks", "none"], 66, "none: no such file"),
      (["4", photo, "-w", "a=none.pth"], 66, "none.pth: no such file"),
      (["5", "none"], 66, "none: no such file"),
      (["5", photos, "--stage", "0"], 64, "--stage must be at least 1"),
      (["6", photos, "--limit", "0"], 64, "--limit must be at least 1"),
      (["curves", "none"], 66, "none: no such file"),
      (["curves", "none", "--loss-scale", "cubic"], 64, "--loss-scale"),
      (["2"] + [String](repeating: photo, count: 101), 64, "at most 100 photographs, not 101"),
    ]
    for (arguments, status, sentence) in wrong {
      let outcome = try Program.run(["figure"] + arguments, in: folder.path)
      #expect(outcome.status == status, "\(arguments)")
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
  }
}
