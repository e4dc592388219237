import EDViz
import Foundation
import Testing

@Suite struct EvaluateMasksCommandTests {
  /// Three pictures of 60 × 40, a bright rectangle on each, with masks and boxes that tell where.
  private final class Workshop {
    let folder: TemporaryFolder
    static let boxes = [
      Box(x0: 5, y0: 5, x1: 30, y1: 25), Box(x0: 30, y0: 10, x1: 55, y1: 35),
      Box(x0: 10, y0: 2, x1: 50, y1: 12),
    ]
    var path: String { folder.path }

    init() throws {
      folder = try TemporaryFolder()
      var list = "name x0 y0 x1 y1\n"
      for (index, box) in Self.boxes.enumerated() {
        let mask = Mask(filling: box, width: 60, height: 40)
        let pixels = mask.values.enumerated().flatMap { at, inside -> [UInt8] in
          inside ? [250, UInt8(at % 60 * 4), 40] : [20, 60, UInt8(at % 7 * 10)]
        }
        try AtomicFile.write(
          Image(width: 60, height: 40, pixels: pixels).encodedPNG(), to: "\(path)/pictures/\(index).png")
        try AtomicFile.write(mask.encodedPNG(), to: "\(path)/masks/deep/\(index).png")
        list += "pictures/\(index).png \(box.x0) \(box.y0) \(box.x1) \(box.y1)\n"
      }
      try write(list, "boxes.txt")
    }

    func write(_ text: String, _ name: String) throws {
      try AtomicFile.write(text.utf8, to: "\(path)/\(name)")
    }

    func evaluate(_ arguments: String...) throws -> Program.Outcome {
      try Program.run(["evaluate", "masks"] + arguments, in: path)
    }

    func manifest(_ folder: String) throws -> Manifest {
      let file = URL(fileURLWithPath: "\(path)/\(folder)/manifest.json")
      return try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: file))
    }

    func csv(_ folder: String) throws -> [[String]] {
      try String(contentsOfFile: "\(path)/\(folder)/pictures.csv", encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }
  }

  /// The scores are those of the masks that `edviz mask` draws.
  @Test func masksScoreAsTheyAreDrawn() throws {
    let shop = try Workshop()
    let outcome = try shop.evaluate("--images", "pictures", "--masks", "masks", "-r", "ED", "-r", "output")
    #expect(outcome.status == 0 && outcome.errors.contains("3/3") == (outcome.errors != ""))
    #expect(outcome.output.contains("means over 3 pictures"))
    let results = "Output/evaluate/default-on-pictures"
    let table = try shop.csv(results)
    // Two branches and two trivial masks.
    #expect(
      table.count == 1 + 3 * 4 && table[1][0] == "pictures/0.png"
        && table[1][4...7] == ["default", "64", "layer4.1", "decoder"][...])
    #expect(try Program.run(["mask", "pictures", "-r", "ED", "-o", "drawn"], in: shop.path).status == 0)
    var sum = 0.0
    for (index, box) in Workshop.boxes.enumerated() {
      let drawn = Mask(brightPixelsOf: try Image(contentsOf: "\(shop.path)/drawn/\(index)-mask.png"))
      let overlap = drawn.intersectionOverUnion(with: Mask(filling: box, width: 60, height: 40))
      #expect(table[1 + 4 * index][11] == "\(overlap)")
      sum += overlap
    }
    let found = try #require(try shop.manifest(results).localisation)
    #expect(found.count == 3 && found.objects == "masks" && found.unscored.isEmpty)
    #expect(found.rows.map(\.name) == ["decoder", "output"] && found.rows[0].inputSize == 64)
    let score = try #require(found.rows[0].scores["mask_iou"])
    #expect(abs(score.value - sum / 3) < 1e-12 && score.low <= score.value && score.value <= score.high)
    let area = Workshop.boxes.map { Double($0.area) / 2400 }.reduce(0, +) / 3
    let trivial = try #require(found.trivial[0].scores["mask_iou"]?.value)
    #expect(abs(trivial - area) < 1e-12)
    // Where nothing is known of parts and classes, nothing is said.
    #expect(found.rows[0].scores.count == 8 && found.trivial[0].scores.count == 5)
    #expect(found.differences.contains { $0.row == 1 && $0.metric == "mask_iou" })
    #expect(found.outputs == ["pictures.csv", "curves.csv", "curves.svg", "curves.png"])
    let names = try Folders.contents(of: "\(shop.path)/\(results)")
    #expect(Set(names) == Set(found.outputs + ["manifest.json"]))
  }

  /// The page names every picture and setting, shows pictures, and stands in the record.
  @Test func reportsShowEveryPicture() throws {
    let shop = try Workshop()
    let outcome = try shop.evaluate(
      "--images", "pictures", "--masks", "masks", "-r", "output", "-r", "x", "--report", "-o", "out")
    #expect(outcome.status == 0)
    let page = try String(contentsOfFile: "\(shop.path)/out/report.html", encoding: .utf8)
    for text in [
      "Attention on marked objects", "0.png", "1.png", "2.png", "default layer4.1 input 64 px",
      "centred half",
      "object green, mask yellow", "sign-flip permutation",
    ] { #expect(page.contains(text), "\(text)") }
    // A thumbnail for the table and three pictures for each of three cases, which are both worst and best.
    #expect(page.components(separatedBy: "data:image/").count - 1 >= 3 * 4)
    #expect(try shop.manifest("out").localisation?.outputs.last == "report.html")
    #expect(try shop.csv("out").count == 1 + 3 * 4)
  }

  @Test func boxesAreScoredAtSeveralSizes() throws {
    let shop = try Workshop()
    let arguments = ["evaluate", "masks", "--boxes", "boxes.txt", "--sizes", "64,96", "--json", "-o", "r"]
    let outcome = try Program.run(arguments, in: shop.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8))
    let found = try #require(manifest.localisation)
    #expect(found.rows.map(\.inputSize) == [64, 96] && manifest.masking?.threshold == "mean")
    #expect(found.rows.allSatisfy { $0.scores["largest_box_iou_above_half"] != nil })
    #expect(found.trivial.allSatisfy { $0.scores["mask_iou"] == $0.scores["box_iou"] })
    #expect(
      found.reading == "x1 and y1 excluded, to the nearest pixels; as a mask, the filled boxes of a picture")
    // A size alone gives what it gives in company.
    let alone = try shop.evaluate("--boxes", "boxes.txt", "--size", "96", "-o", "s")
    #expect(alone.status == 0)
    #expect(try shop.manifest("s").localisation?.rows[0].scores == found.rows[1].scores)
    #expect(try Program.run(arguments, in: shop.path).status == 73)
    let included = try shop.evaluate("--boxes", "boxes.txt", "--box-ends", "included", "-o", "t")
    #expect(included.status == 0)
    #expect(try shop.manifest("t").localisation?.reading.hasPrefix("x1 and y1 included") == true)
  }

  @Test func badFilesStopNothing() throws {
    let shop = try Workshop()
    try shop.write("no picture", "pictures/bad.png")
    let empty = Mask(width: 60, height: 40, values: [Bool](repeating: false, count: 2400))
    for name in ["masks/bad.png", "masks/none.png", "masks/deep/1.png"] {
      try AtomicFile.write(empty.encodedPNG(), to: "\(shop.path)/\(name)")
    }
    let small = Mask(width: 6, height: 4, values: [Bool](repeating: true, count: 24))
    try AtomicFile.write(small.encodedPNG(), to: "\(shop.path)/masks/deep/2.png")
    try AtomicFile.write(empty.encodedPNG(), to: "\(shop.path)/pictures/alone.png")
    let outcome = try shop.evaluate("--images", "pictures", "--masks", "masks", "-o", "r", "-q")
    #expect(outcome.status == 1)
    for sentence in [
      "pictures/alone.png: has no mask of its name", "masks/none.png: has no picture of its name",
      "pictures/bad.png: is not a picture", "masks/deep/1.png: is an empty mask",
      "masks/deep/2.png: is 6 × 4, but its picture 60 × 40",
      "1 without mask, 1 with an empty mask, 2 unusable, 1 masks without picture; 1 picture was scored",
    ] {
      #expect(outcome.errors.contains("edviz: " + sentence), "\(outcome.errors)")
    }
    #expect(try shop.csv("r").count == 4)
    #expect(
      try String(contentsOfFile: shop.path + "/r/unscored.csv", encoding: .utf8).contains("bad.png: is not a")
    )
    #expect(try shop.manifest("r").localisation?.unscored.count == 5)

    try shop.write("pictures/0.png 0 0 9 9\npictures/1.png 0 0 9\npictures/2.png 0 0 61 9\n", "some.txt")
    let listed = try shop.evaluate("--boxes", "some.txt", "none.txt", "-o", "s")
    #expect(listed.status == 1)
    #expect(listed.errors.contains("edviz: some.txt: line 2: 'name x0 y0 x1 y1'"))
    #expect(listed.errors.contains("its box 0 0 61 9 reaches outside of its 60 × 40 pixels"))
    #expect(listed.errors.contains("edviz: none.txt: no such file or folder"))
    #expect(listed.errors.contains("2 unusable, 1 missing; 1 picture was scored"))
  }

  @Test func nothingToScoreIsOneSentence() throws {
    let shop = try Workshop()
    try shop.write("x 0 0 1 1\n", "lost.txt")
    try shop.write("hello\n", "text.txt")
    try Folders.make(shop.path + "/empty")
    try AtomicFile.write(
      Mask(width: 1, height: 1, values: [true]).encodedPNG(), to: shop.path + "/other/other.png")
    for (arguments, status, sentence) in [
      (["--images", "none", "--masks", "masks"], Int32(66), "none: no such file or folder"),
      (["--images", "empty", "--masks", "masks"], 66, "empty: holds no pictures"),
      (
        ["--images", "pictures", "--masks", "other"], 65,
        "no picture in pictures has a mask of its name in other"
      ),
      (["--boxes", "lost.txt"], 66, "no pictures were scored"),
      (["--boxes", "text.txt"], 65, "text.txt: line 1: "),
      (
        ["--boxes", "boxes.txt", "--images", "pictures"], 64,
        "either --images and --masks, --images and --annotations, or --boxes"
      ),
      (["--images", "pictures"], 64, "either --images and --masks, --images and --annotations, or --boxes"),
      (["--boxes", "boxes.txt", "--sizes", "64,0"], 64, "--sizes"),
      (["--boxes", "boxes.txt", "--sizes", "64", "--size", "64"], 64, "either --size or --sizes"),
      (["--boxes", "boxes.txt", "--sizes", "64", "--fit", "none"], 64, "--sizes means nothing"),
      (["--boxes", "boxes.txt", "--threshold", "median"], 64, "is no threshold"),
      (["--boxes", "boxes.txt", "--block", "layer9"], 64, "layer9"),
      (
        ["--images", "pictures", "--masks", "masks", "--box-ends", "included"], 64,
        "--box-ends belongs to --boxes"
      ),
      (["--boxes", "boxes.txt", "--resume"], 64, "--resume needs --output"),
      (["--boxes", "boxes.txt", "--mask-resizing", "bilinear"], 64, "--mask-resizing applies to"),
      (["--boxes", "boxes.txt", "--protocol", "wscda"], 64, "wscda"),
      (["--boxes", "boxes.txt", "--resamples", "1"], 64, "--resamples must be"),
      (["--boxes", "boxes.txt", "-m", "a", "-m", "b"], 64, "once for each --weights"),
    ] {
      let outcome = try Program.run(["evaluate", "masks"] + arguments, in: shop.path)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(sentence), "\(arguments): \(outcome.errors)")
    }
    #expect((try? Folders.contents(of: shop.path + "/Output/evaluate")) ?? [] == [])
  }

  /// What is missing is not unusable, and pictures are no masks of themselves.
  @Test func whatIsMissingIsSaid() throws {
    let shop = try Workshop()
    let missing = try shop.evaluate("--boxes", "none.txt", "-o", "m")
    #expect(missing.status == 66 && missing.errors.hasSuffix("1 missing; no pictures were scored\n"))
    let same = try shop.evaluate("--images", "pictures", "--masks", "./pictures/", "-o", "s")
    #expect(same.status == 64 && same.errors.contains("pictures: has no picture that is not taken as a mask"))
  }

  /// Each model and setting scores what it does alone, whatever else is scored with it.
  @Test func severalModelsShareARun() throws {
    let shop = try Workshop()
    try shop.write("", "a=b.safetensors")
    for name in ["one", "a=b"] {
      try AtomicFile.write(Array(Model.bundledBytes), to: "\(shop.path)/\(name).safetensors")
    }
    let outcome = try shop.evaluate(
      "--boxes", "boxes.txt", "-w", "ed=one.safetensors", "-w", "one.safetensors", "-w", "a=b.safetensors",
      "-w", "one.safetensors", "-b", "last", "-b", "layer3.0", "-o", "r", "--protocol", "scda", "--averaging",
      "pixels", "--seed", "4")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let manifest = try shop.manifest("r")
    let found = try #require(manifest.localisation)
    #expect(found.models.map(\.name) == ["ed", "one", "a=b", "one-2"])
    #expect(
      found.rows.map { $0.block ?? "" }
        == Array(repeating: ["layer4.1", "layer3.0"], count: 4).flatMap(\.self))
    #expect(found.rows.allSatisfy { $0.scores == found.rows[0].scores || $0.block == "layer3.0" })
    #expect(manifest.masking?.preset == .scda && found.averaging == .pixels)
    #expect(
      found.differences.filter { $0.row == 2 }.allSatisfy { $0.difference.value == 0 && $0.pValue == 1 })
    let sums = try shop.csv("r").dropFirst().filter { $0[4] == "ed" && $0[6] == "layer4.1" }
    let (above, below) = (sums.compactMap { Double($0[9]) }, sums.compactMap { Double($0[10]) })
    #expect(found.rows[0].scores["mask_iou"]?.value == above.reduce(0, +) / below.reduce(0, +))
  }

  /// Photographs of pets whose masks grade the border half bright, which by itself is left out: what masks score that need no
  /// network was computed apart, without the border and with it as part of the animal.
  @Test(.enabled(if: Program.data("pets") != nil, "EDVIZ_DATA has no pets/"))
  func photographsOfPetsEvaluate() throws {
    let data = try #require(Program.data("pets"))
    let shop = try Workshop()
    for (options, expected) in [([], [0.32446, 0.45662]), (["--mask-threshold", "127"], [0.407, 0.494])] {
      let outcome = try Program.run(
        [
          "evaluate", "masks", "--images", data + "/images", "--masks", data + "/masks", "-r", "output",
          "--resamples", "100", "--force", "-o", "pets",
        ] + options, in: shop.path)
      let found = try #require(try shop.manifest("pets").localisation)
      #expect(outcome.status == 0 && found.count == 149 && found.unscored.isEmpty, "\(outcome.errors)")
      let trivial = found.trivial.compactMap { $0.scores["mask_iou"]?.value }
      #expect(trivial.count == 2)
      for (value, wanted) in zip(trivial, expected) { #expect(abs(value - wanted) < 0.0005) }
      // The bundled model looks at pets.
      #expect(try #require(found.rows[0].scores["mask_iou"]).value > trivial[1])
      let remark = "149 of 149 masks: 128, between 0 and 255, is left out of every score"
      #expect(found.remarks.contains(remark) == options.isEmpty, "\(found.remarks)")
      #expect(outcome.errors.components(separatedBy: ".png: 128, between").count == (options.isEmpty ? 2 : 1))
    }
  }

  private static let python = Program.python(with: "numpy", "PIL")

  /// Every score of every picture, the border left out, is within 1e-6 of what NumPy computes from the raw maps and the
  /// mask files: sums in another order of float64.
  @Test(
    .enabled(
      if: python != nil && Program.data("pets") != nil,
      "EDVIZ_PYTHON names no Python with NumPy and Pillow, or EDVIZ_DATA has no pets/"))
  func ignoredBordersAreNumPys() throws {
    let data = try #require(Program.data("pets"))
    let shop = try Workshop()
    let scored = try shop.evaluate(
      "--images", data + "/images", "--masks", data + "/masks", "--resamples", "100", "-o", "scores")
    #expect(scored.status == 0, "\(scored.errors)")
    let drawn = try Program.run(["heatmap", data + "/images", "-o", "maps", "-q"], in: shop.path)
    #expect(drawn.status == 0, "\(drawn.errors)")
    let script = Program.repository("Tests/EDVizTests/Reference/localisation.py")
    let checked = try Program.run(
      path: try #require(Self.python), [script, "scores", "maps", data + "/masks"], in: shop.path)
    #expect(checked.status == 0, "\(checked.output) \(checked.errors)")
    #expect(checked.output.hasPrefix("149 pictures"), "\(checked.output)")
  }

  /// COCO's instances and Pascal VOC's files of the same boxes score as the list of boxes does; crowds are left out.
  @Test func annotationsAreScored() throws {
    let shop = try Workshop()
    var annotations: [String] = []
    for (index, box) in Workshop.boxes.enumerated() {
      annotations.append(
        #"{"image_id": \#(index), "bbox": [\#(box.x0), \#(box.y0), \#(box.width), \#(box.height)]}"#)
      try shop.write(
        "<annotation><filename>\(index).png</filename><object><bndbox><xmin>\(box.x0 + 1)</xmin><ymin>\(box.y0 + 1)"
          + "</ymin><xmax>\(box.x1)</xmax><ymax>\(box.y1)</ymax></bndbox></object></annotation>",
        "voc/\(index).xml")
    }
    let images = (0..<3).map { #"{"id": \#($0), "file_name": "\#($0).png"}"# }.joined(separator: ", ")
    func coco(_ annotations: [String]) -> String {
      #"{"images": [\#(images)], "annotations": [\#(annotations.joined(separator: ", "))]}"#
    }
    try shop.write(coco(annotations), "coco.json")
    let crowd = #"{"image_id": 0, "bbox": [0, 0, 60, 40], "iscrowd": 1}"#
    try shop.write(coco(annotations + [crowd]), "crowd.json")
    func scores(_ options: String...) throws -> [[String]] {
      let outcome = try Program.run(["evaluate", "masks", "--force", "-o", "o"] + options, in: shop.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try shop.csv("o")
    }
    let listed = try scores("--boxes", "boxes.txt")
    #expect(try scores("--images", "pictures", "--annotations", "coco.json") == listed)
    #expect(
      try scores("--images", "pictures", "--annotations", "coco.json", "--annotation-objects", "boxes")
        == listed)
    #expect(try scores("--images", "pictures", "--annotations", "voc") == listed)
    // With all the rest of the first picture ignored, every mask that touches the object holds nothing else.
    let crowded = try scores("--images", "pictures", "--annotations", "crowd.json")
    #expect(crowded[1][9] == listed[1][9] && crowded[1][10] == "500" && crowded[1][14] == "1.0")
    #expect(crowded[4...] == listed[4...])
    let alone = try shop.evaluate("--annotations", "coco.json")
    #expect(alone.status == 64 && alone.errors.contains("--images and --annotations"))
  }

  /// Masks of two dark values, of classes, and of a colour: taken as they say, or as they are.
  @Test func valuesOfMasksCanBeSaid() throws {
    let shop = try Workshop()
    func mask(_ levels: (Bool) -> String, _ name: String) throws {
      for (index, box) in Workshop.boxes.enumerated() {
        let values = Mask(filling: box, width: 60, height: 40).values.map(levels)
        try shop.write("P3 60 40 255\n" + values.joined(separator: "\n"), "\(name)/\(index).ppm")
      }
    }
    try mask({ $0 ? "1 1 1" : "0 0 0" }, "ones")
    try mask({ $0 ? "15 15 15" : "3 3 3" }, "classes")
    try mask({ $0 ? "9 8 7" : "200 200 200" }, "painted")
    func iou(_ masks: String, _ options: String...) throws -> Double? {
      let outcome = try Program.run(
        ["evaluate", "masks", "--images", "pictures", "--masks", masks, "--force", "-o", "o"] + options,
        in: shop.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try shop.manifest("o").localisation?.rows[0].scores["mask_iou"]?.value
    }
    let expected = try #require(try iou("masks"))
    #expect(try iou("ones") == expected)
    #expect(try iou("classes", "--mask-value", "15") == expected)
    #expect(try iou("classes", "--mask-threshold", "3") == expected)
    #expect(try iou("painted", "--mask-value", "#090807") == expected)
    let reading = try shop.manifest("o").localisation?.reading
    #expect(reading == "pixels of value #090807")
    let empty = try shop.evaluate(
      "--images", "pictures", "--masks", "painted", "--mask-value", "7", "-o", "p")
    #expect(empty.status == 65 && empty.errors.contains("its values are #090807, #c8c8c8"), "\(empty.errors)")
    for options in [
      ["--mask-value", "1", "--mask-threshold", "1"], ["--mask-value", "red"],
      ["--mask-from", "index", "--mask-threshold", "1"],
      ["--boxes", "boxes.txt", "--ignore-value", "1"],
    ] {
      let source = options[0] == "--boxes" ? [] : ["--images", "pictures", "--masks", "ones"]
      #expect(try Program.run(["evaluate", "masks"] + source + options, in: shop.path).status == 64)
    }
  }
}
