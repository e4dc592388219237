import EDViz
import Foundation
import Testing

@Suite struct EvaluateCubCommandTests {
  /// A folder as CUB-200-2011 is published.
  private final class Birds {
    let folder: TemporaryFolder
    var path: String { folder.path }
    private var tables: [String: String] = [:]
    private var count = 0

    init() throws { folder = try TemporaryFolder() }

    /// Adds a picture whose class has the number `label`, from 1.
    func add(
      _ name: String, label: Int, isTraining: Bool = false, image: [UInt8], mask: Mask?, box: [Double]? = nil,
      parts: [(x: Double, y: Double, isVisible: Bool)] = []
    ) throws {
      count += 1
      tables["images.txt", default: ""] += "\(count) \(name)\n"
      tables["image_class_labels.txt", default: ""] += "\(count) \(label)\n"
      tables["train_test_split.txt", default: ""] += "\(count) \(isTraining ? 1 : 0)\n"
      if let box {
        tables["bounding_boxes.txt", default: ""] += "\(count) \(box[0]) \(box[1]) \(box[2]) \(box[3])\n"
      }
      for (index, part) in parts.enumerated() {
        tables["parts/part_locs.txt", default: ""] +=
          "\(count) \(index + 1) \(part.x) \(part.y) \(part.isVisible ? 1 : 0)\n"
      }
      try AtomicFile.write(image, to: "\(path)/images/\(name)")
      if let mask {
        let stem = "\(path)/segmentations/\(Paths.folder(of: name))/\(Paths.stem(of: name))"
        try AtomicFile.write(mask.encodedPNG(), to: stem + ".png")
      }
    }

    func append(_ text: String, to table: String) { tables[table, default: ""] += text }

    func finish(classes: [String]) throws {
      tables["classes.txt"] = classes.enumerated().map { "\($0.offset + 1) \($0.element)\n" }.joined()
      for (name, text) in tables { try AtomicFile.write(text.utf8, to: "\(path)/\(name)") }
    }

    func evaluate(_ arguments: String...) throws -> Program.Outcome {
      try Program.run(["evaluate", "cub", path, "--json"] + arguments, in: path)
    }

    func manifest(_ outcome: Program.Outcome) throws -> Manifest.Localisation {
      let manifest = try JSONDecoder().decode(Manifest.self, from: Data(outcome.output.utf8))
      return try #require(manifest.localisation)
    }

    func table(_ folder: String) throws -> [[String: String]] {
      let lines = try String(contentsOfFile: "\(path)/\(folder)/pictures.csv", encoding: .utf8).split(
        separator: "\n"
      )
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }
  }

  /// A grey picture with a bright ellipse, and its mask.
  private static func bird(_ box: Box, width: Int = 60, height: Int = 40) throws -> (
    image: [UInt8], mask: Mask
  ) {
    let values = (0..<width * height).map { index -> Bool in
      let x = (Double(index % width) + 0.5 - Double(box.x0)) / Double(box.width) * 2 - 1
      let y = (Double(index / width) + 0.5 - Double(box.y0)) / Double(box.height) * 2 - 1
      return x * x + y * y < 1
    }
    let pixels = values.enumerated().flatMap { at, inside -> [UInt8] in
      inside ? [240, UInt8(at % width * 3), 30] : [40, 90, UInt8(at % 9 * 9)]
    }
    return (
      try Image(width: width, height: height, pixels: pixels).encodedPNG(),
      Mask(width: width, height: height, values: values)
    )
  }

  private static let boxes = [
    Box(x0: 4, y0: 4, x1: 34, y1: 30), Box(x0: 25, y0: 8, x1: 58, y1: 36), Box(x0: 10, y0: 2, x1: 50, y1: 20),
    Box(x0: 1, y0: 1, x1: 20, y1: 39),
  ]

  /// Four pictures, the last one to learn from.
  private func birds(masks: Bool = true) throws -> Birds {
    let birds = try Birds()
    for (index, box) in Self.boxes.enumerated() {
      let (image, mask) = try Self.bird(box)
      let center = (Double(box.x0 + box.x1) / 2, Double(box.y0 + box.y1) / 2)
      try birds.add(
        "\(index % 2 + 1).Bird/\(index) x.png", label: index % 2 + 1, isTraining: index == 3, image: image,
        mask: masks ? mask : nil,
        box: [Double(box.x0), Double(box.y0), Double(box.width), Double(box.height)],
        parts: [(center.0, center.1, true), (0, 0, false)])
    }
    return birds
  }

  @Test func theOfficialLayoutEvaluates() throws {
    let birds = try birds()
    try birds.finish(classes: ["1.Bird", "2.Bird"])
    let outcome = try birds.evaluate("-o", "\(birds.path)/r")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try birds.manifest(outcome)
    #expect(found.count == 3 && found.split == "test" && found.objects == "masks")
    #expect(found.rows[0].inputSize == 448 && found.rows[0].scores["part_hits"] != nil)
    #expect(found.rows[0].scores["accuracy"] == nil)
    #expect(found.remarks.count == 1 && found.remarks[0].contains("top-1 is not computed"))
    // Marked boxes are ellipses' own here.
    #expect(found.trivial[0].scores["part_hits"]?.value == 1)
    for (line, box) in zip(try birds.table("r").filter { $0["branch"] == "whole" }, Self.boxes) {
      #expect(line["box_iou"] == "\(Double(box.area) / 2400)" && line["parts_visible"] == "1")
    }
    let all = try birds.manifest(
      try birds.evaluate("--split", "all", "--sizes", "64,96", "-o", "\(birds.path)/s"))
    #expect(all.count == 4 && all.rows.map(\.inputSize) == [64, 96])
    let train = try birds.manifest(
      try birds.evaluate("--split", "train", "--size", "64", "-o", "\(birds.path)/t"))
    #expect(train.count == 1)
    // The same pictures as a plain folder score the same.
    let plain = try Program.run(
      [
        "evaluate", "masks", "--images", birds.path + "/images", "--masks", birds.path + "/segmentations",
        "--size",
        "64", "-o", birds.path + "/u", "-q",
      ], in: birds.path)
    #expect(plain.status == 0, "\(plain.errors)")
    func ious(_ folder: String, _ size: String) throws -> Set<String> {
      Set(try birds.table(folder).filter { $0["input_size"] == size }.compactMap { $0["mask_iou"] })
    }
    #expect(try ious("u", "64") == ious("s", "64") && ious("u", "64") != ious("s", "96"))
  }

  /// Classes in order, where there are as many as logits.
  @Test func accuracyIsComputedWhereClassesFit() throws {
    let birds = try birds()
    try birds.finish(classes: ["1.Bird", "2.Bird"] + (3...50).map { "\($0).Nobody" })
    let outcome = try birds.evaluate("--size", "64", "--split", "all", "-o", "\(birds.path)/r")
    let found = try birds.manifest(outcome)
    // The bundled model knows 50 classes, under names.
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(found.remarks.count == 1 && found.remarks[0].hasSuffix("they are taken in order"))
    #expect(found.rows[0].scores["accuracy"] != nil && found.trivial[0].scores["accuracy"] == nil)
  }

  @Test func wrongTablesAreSentences() throws {
    let birds = try birds()
    let (image, _) = try Self.bird(Self.boxes[0])
    try birds.add("1.Bird/alone.png", label: 1, image: image, mask: nil)
    try birds.add(
      "1.Bird/gone.png", label: 1, image: image,
      mask: Mask(width: 60, height: 40, values: [Bool](repeating: true, count: 2400)))
    birds.append("99 0\n", to: "train_test_split.txt")
    birds.append("7 1.Bird/unsplit.png\n", to: "images.txt")
    birds.append("8 x\n", to: "bounding_boxes.txt")
    try birds.finish(classes: ["1.Bird", "2.Bird"])
    Folders.removeFile(birds.path + "/images/1.Bird/gone.png")
    let outcome = try Program.run(
      ["evaluate", "cub", birds.path, "--size", "64", "-q", "-o", "\(birds.path)/r"], in: birds.path)
    #expect(outcome.status == 1)
    for sentence in [
      "train_test_split.txt: line 7: image 99 is not in images.txt",
      "images.txt: line 7: image 7 has no label or no split",
      "bounding_boxes.txt: line 5: 5 numbers were expected",
      "images/1.Bird/alone.png: has no mask of its name", "images/1.Bird/gone.png: no such file or folder",
      "1 without mask, 3 unusable, 1 missing; 3 pictures were scored",
    ] {
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
    let none = try self.birds(masks: false)
    try none.finish(classes: ["1.Bird", "2.Bird"])
    let missing = try Program.run(["evaluate", "cub", none.path], in: none.path)
    #expect(
      missing.status == 66 && missing.errors.contains("/segmentations: no such folder of masks; unpack"))
    let boxes = try none.manifest(
      try none.evaluate("--objects", "boxes", "--size", "64", "-o", "\(none.path)/r"))
    #expect(boxes.objects == "boxes" && boxes.count == 3)
    #expect(try Program.run(["evaluate", "cub", none.path + "/images"], in: none.path).status == 66)
    try Folders.make(none.path + "/segmentations")
    let empty = try Program.run(["evaluate", "cub", none.path], in: none.path)
    #expect(empty.status == 65 && empty.errors.contains("no picture in"), "\(empty.errors)")
  }

  @Test(.enabled(if: Program.data("ecssd") != nil, "EDVIZ_DATA has no ecssd/"))
  func photographsWithMasksEvaluate() throws {
    let data = try #require(Program.data("ecssd"))
    let birds = try Birds()
    for name in try Folders.contents(of: data + "/images").prefix(8) {
      let mask = Mask(brightPixelsOf: try Image(contentsOf: "\(data)/masks/\(Paths.stem(of: name)).png"))
      try birds.add(
        "001.Thing/\(name)", label: 1, image: FileBytes.read("\(data)/images/\(name)"), mask: mask)
    }
    try birds.finish(classes: ["001.Thing"])
    let outcome = try birds.evaluate("--size", "64", "-r", "ED", "-r", "output", "-o", "\(birds.path)/r")
    let found = try birds.manifest(outcome)
    #expect(outcome.status == 0 && found.count == 8, "\(outcome.errors)")
    for row in found.rows { #expect((0.1...0.9).contains(row.scores["mask_iou"]?.value ?? 0)) }
  }

  /// Twenty species without masks: boxes and parts, brought from original pixels to those of the small pictures.
  @Test(.enabled(if: Program.data("cub20") != nil, "EDVIZ_DATA has no cub20/"))
  func birdsWithBoxesAndPartsEvaluate() throws {
    let data = try #require(Program.data("cub20"))
    func rows(_ name: String) throws -> [[String]] {
      try String(contentsOfFile: "\(data)/\(name)", encoding: .utf8).split(separator: "\n")
        .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
    }
    let boxes = Dictionary(uniqueKeysWithValues: try rows("bounding_boxes.txt").map { ($0[0], $0) })
    let parts = Dictionary(grouping: try rows("part_locs.txt"), by: { $0[0] })
    let birds = try Birds()
    for picture in try rows("images.txt").prefix(6) {
      let sizes = picture[2...].compactMap(Double.init)
      let (sx, sy) = (sizes[2] / sizes[0], sizes[3] / sizes[1])
      let box = try #require(boxes[picture[0]]).dropFirst().compactMap(Double.init)
      let name = picture[1].split(separator: "/").dropFirst().joined(separator: "/")
      try birds.add(
        name, label: 1, image: FileBytes.read("\(data)/\(picture[1])"), mask: nil,
        box: [box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy],
        parts: (parts[picture[0]] ?? []).map { part in
          ((Double(part[2]) ?? 0) * sx, (Double(part[3]) ?? 0) * sy, part[4] == "1")
        })
    }
    try birds.finish(classes: ["004.Groove_billed_Ani"])
    let outcome = try birds.evaluate("--objects", "boxes", "--size", "96", "-o", "\(birds.path)/r")
    let found = try birds.manifest(outcome)
    #expect(outcome.status == 0 && found.count == 6, "\(outcome.errors)")
    #expect(found.trivial[0].scores["part_hits"]?.value == 1)
    #expect((0.05...1).contains(found.rows[0].scores["largest_box_iou"]?.value ?? 0))
  }
}
