import Glibc
import Synchronization
import Testing

@testable import EDViz

@Suite struct LocalisationErrorTests {
  static let sentences: [(LocalisationError, String)] = [
    (.noImages(folder: "d"), "d: holds no pictures"),
    (
      .onlyMasks(images: "i", masks: "m"),
      "i: has no picture that is not taken as a mask, because m is the folder of masks"
    ),
    (.onlyPhotographs(masks: "m"), "m: holds no masks, only the photographs themselves"),
    (
      .partOutside(image: "a.jpg", part: PicturePoint(x: 1e9, y: 2.5), imageSize: [5, 6]),
      "a.jpg: its part at (1000000000.0, 2.5) lies outside of its 5 × 6 pixels"
    ),
    (.noPairs(images: "i", masks: "m"), "no picture in i has a mask of its name in m"),
    (.noMask(image: "i/a.jpg"), "i/a.jpg: has no mask of its name"),
    (.noImage(mask: "m/a.png"), "m/a.png: has no picture of its name"),
    (
      .ambiguous(image: "i/a.jpg"),
      "i/a.jpg: has its name in common with other pictures or masks; make names differ, or put mask and picture "
        + "into subfolders of the same name"
    ),
    (
      .emptyMask(path: "m/a.png", values: "1, 2, 3", reading: "pixels of value 9"),
      "m/a.png: is an empty mask: its values are 1, 2, 3, and the object is pixels of value 9; --mask-value or "
        + "--mask-threshold says otherwise"
    ),
    (
      .sizesDiffer(mask: "m/a.png", size: [3, 4], imageSize: [5, 6]),
      "m/a.png: is 3 × 4, but its picture 5 × 6"
    ),
    (
      .boxOutside(image: "a.jpg", box: Box(x0: 1, y0: 2, x1: 9, y1: 4), imageSize: [5, 6]),
      "a.jpg: its box 1 2 9 4 reaches outside of its 5 × 6 pixels"
    ),
    (
      .noSegmentations(folder: "c/segmentations"),
      "c/segmentations: no such folder of masks; unpack segmentations.tgz there, name it with --segmentations, or "
        + "score by boxes with --objects boxes"
    ),
    (.noObject(image: "a.jpg"), "a.jpg: has no object in the annotations"),
    (
      .noRegion(image: "a.jpg"), "a.jpg: is annotated with an outline that is none of a picture of its size"
    ),
    (.noBox(image: "a.jpg"), "a.jpg: has no line in bounding_boxes.txt"),
    (.noPictures(folder: "c", split: "test"), "c: its split test has no pictures"),
    (.unfinished(folder: "r"), "r: holds an unfinished run (--resume continues it, --force begins anew)"),
    (
      .changed(folder: "r"),
      "r: the run in it was begun with other pictures, weights or options (--force begins anew)"
    ),
    (.inUse(folder: "r"), "r: another process is at work on the run in it"),
    (
      .damagedState(folder: "r"),
      "r: the unfinished run in it cannot be continued: its files do not fit each other (--force begins anew)"
    ),
    (.damagedTable(path: "p.csv", line: 3), "p.csv: line 3: is not a line of scores of this run"),
  ]

  @Test(arguments: sentences)
  func errorsAreOneSentence(error: LocalisationError, sentence: String) {
    #expect(error.description == sentence)
  }
}

@Suite struct MaskPairsTests {
  /// Pairs of empty files, as `picture mask`, and what stayed alone.
  private func pairs(_ images: [String], _ masks: [String], masksIn masksFolder: String = "m") throws -> (
    [String], [String]
  ) {
    let folder = try TemporaryFolder()
    for name in images { try AtomicFile.write([], to: "\(folder.path)/i/\(name)") }
    for name in masks { try AtomicFile.write([], to: "\(folder.path)/\(masksFolder)/\(name)") }
    let found = try MaskPairs(images: folder.path + "/i", masks: "\(folder.path)/\(masksFolder)")
    func short(_ path: String) -> String { String(path.dropFirst(folder.path.count + 1)) }
    let inputs = found.inputs.map { input -> String in
      guard case .maskFile(let mask) = input.marking else { return input.path }
      return "\(short(input.path)) \(short(mask))"
    }
    return (inputs, found.unmatched.map { short("\($0.error)") })
  }

  @Test func namesAreMatchedAtAnyDepth() throws {
    let (inputs, alone) = try pairs(["a.jpg", "x/y/b.JPEG", "c.png"], ["deep/a.png", "b.png", "d.png"])
    #expect(inputs == ["i/a.jpg m/deep/a.png", "i/x/y/b.JPEG m/b.png"])
    #expect(alone == ["i/c.png: has no mask of its name", "m/d.png: has no picture of its name"])
  }

  @Test func subfoldersPartEqualNames() throws {
    let (inputs, alone) = try pairs(["x/1.jpg", "y/1.jpg", "z/1.jpg"], ["x/1.png", "y/1.png"])
    #expect(inputs == ["i/x/1.jpg m/x/1.png", "i/y/1.jpg m/y/1.png"])
    #expect(alone == ["i/z/1.jpg: has no mask of its name"])
  }

  @Test func doubtfulNamesAreNotGuessed() throws {
    let (inputs, alone) = try pairs(
      ["1.jpg", "x/2.jpg", "y/2.jpg", "3.jpg", "3.png", "ok.jpg"],
      ["p/1.png", "q/1.png", "2.png", "3.png", "ok.png"])
    #expect(inputs == ["i/ok.jpg m/ok.png"])
    #expect(alone.count == 5 && alone.allSatisfy { $0.contains("in common with other") })
  }

  @Test func masksMayLieBelowThePictures() throws {
    let (inputs, alone) = try pairs(["a.png", "b.png"], ["a.png"], masksIn: "i/masks")
    #expect(inputs == ["i/a.png i/masks/a.png"])
    #expect(alone == ["i/b.png: has no mask of its name"])
  }

  /// One folder is one folder, whatever dots and links it is named by.
  @Test(arguments: ["i", "./i", "i/", "x/../i", "linked"])
  func picturesAreNoMasksOfThemselves(name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    for name in ["i/a.png", "i/b/c.png", "x/d.png"] { try AtomicFile.write([], to: "\(path)/\(name)") }
    try #require(symlink("i", path + "/linked") == 0)
    #expect(throws: LocalisationError.onlyMasks(images: path + "/i", masks: "\(path)/\(name)")) {
      try MaskPairs(images: path + "/i", masks: "\(path)/\(name)")
    }
    #expect(throws: LocalisationError.onlyMasks(images: "\(path)/\(name)", masks: path + "/i")) {
      try MaskPairs(images: "\(path)/\(name)", masks: path + "/i")
    }
  }
}

@Suite struct MarkedPartTests {
  private func object(_ parts: [PicturePoint]) throws -> MarkedObject {
    var input = LocalisationInput(path: "a.png", marking: .boxes([Box(x0: 0, y0: 0, x1: 2, y1: 2)]))
    input.parts = parts
    return try input.object(
      in: Image(width: 5, height: 6, filledWith: .white), decoder: ImageDecoder(limits: .standard))
  }

  /// A part is a point of the picture, its edges among them.
  @Test func partsLieOnThePicture() throws {
    let edges = [PicturePoint(x: 0, y: 0), PicturePoint(x: 5, y: 6)]
    #expect(try object(edges).parts == edges)
    for (x, y) in [(1e9, 1), (5.1, 1), (1, 6.1), (-0.1, 1), (1, -1e9)] {
      let part = PicturePoint(x: x, y: y)
      #expect(throws: LocalisationError.partOutside(image: "a.png", part: part, imageSize: [5, 6])) {
        try object([edges[0], part])
      }
    }
  }
}

@Suite struct LocalisationJournalTests {
  private static let setting = LocalisationSetting(
    model: "m", inputSize: 32, block: "layer1.0", branch: .branch(.output))

  private func journal(
    _ path: String, problems: [(path: String, error: any Error)] = [], resumes: Bool = false
  ) throws -> LocalisationJournal {
    try LocalisationJournal(
      folder: try ResultFolder(named: path, force: resumes), settings: [Self.setting], fingerprint: "f",
      problems: problems, resumes: resumes, force: false)
  }

  /// Whatever change of the disk is the last before a kill, a run that goes on knows the files without a mask.
  @Test func notesComeWithTheFirstState() throws {
    let problems: [(path: String, error: any Error)] = (0..<3).map {
      ("\($0).png", LocalisationError.noMask(image: "\($0).png"))
    }
    var resumed = 0
    for number in 0..<100 {
      let folder = try TemporaryFolder()
      let path = folder.path + "/run"
      let count = Counter()
      let watcher: @Sendable (DiskChange) -> Int32? = { _ in count.next() >= number ? 5 : nil }
      var isWhole = true
      do {
        _ = try DiskChange.watcher.with(watcher) { try journal(path, problems: problems) }
      } catch { isWhole = false }
      resumed += LocalisationJournal.isUnfinished(path) ? 1 : 0
      let next = try journal(path, problems: problems, resumes: true)
      #expect(next.counts.unscored == 3 && next.counts.kinds == ["without mask": 3], "change \(number)")
      let noted = String(decoding: try FileBytes.read(path + "/unscored.csv.partial"), as: UTF8.self)
      #expect(noted.split(separator: "\n").count == 4, "change \(number): \(noted)")
      if isWhole { break }
    }
    #expect(resumed > 0)
  }

  private final class Counter: Sendable {
    private let value = Atomic(-1)
    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
  }

  /// A file that was made in vain goes at the end, not before the record is written: until then the run can be continued.
  @Test func runsGoOnUntilTheirRecordIsWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    let box = Box(x0: 0, y0: 0, x1: 2, y1: 1)
    let (score, counts) = MarkedObject(box: box, width: 2, height: 2).score(
      of: FloatMap(width: 2, height: 2, values: [1, 0, .nan, 0]), in: Box(x0: 0, y0: 0, x1: 2, y1: 2),
      rule: MaskProtocol())
    let scored = LocalisationRun.Scored(
      width: 2, height: 2, objectShare: 0.5, scores: [score], thresholds: [counts], nonFinite: [true],
      remarks: [], reading: "of its two values the higher")
    do {
      let first = try journal(path)
      try first.append("a.png", .success(scored))
      try first.finish()
    }
    #expect(Folders.kind(of: path + "/pictures.csv") == .file)
    let second = try journal(path, resumes: true)
    #expect(second.isContinued && second.counts.scored == 1)
    #expect(
      second.remarks == [
        "1 of 1 masks: of its two values the higher",
        "m layer1.0 output at 32: the map holds values that are not finite in 1 of 1 pictures",
      ])
    try second.finish()
    second.close()
    #expect(try Folders.contents(of: path) == ["pictures.csv"])
  }

  /// A table that ends within a picture is named by its line, not by the number of its pictures.
  @Test func shortTablesAreNamedByTheirLine() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pictures.csv"
    let heading =
      "picture,width,height,object_area,model,input_size,block,branch,mask_area,intersection,union,mask_iou,box_iou,"
      + "largest_box_iou,average_precision,pointing,energy,parts_hit,parts_visible,correct\n"
    let other = LocalisationSetting(model: "m", inputSize: 32, block: "layer1.0", branch: .branch(.input))
    func line(_ branch: String) -> String { "a.png,1,1,1,m,32,layer1.0,\(branch),1,1,1,1,1,1,1,1,1,,,\n" }
    for (text, expected) in [
      (heading + line("output") + line("input") + line("output"), 5), ("", 1), (heading + line("input"), 2),
    ] {
      try AtomicFile.write(text.utf8, to: path)
      #expect(throws: LocalisationError.damagedTable(path: path, line: expected)) {
        try LocalisationScores(contentsOf: path, settings: [Self.setting, other])
      }
    }
    try AtomicFile.write((heading + line("output") + line("input")).utf8, to: path)
    #expect(try LocalisationScores(contentsOf: path, settings: [Self.setting, other]).pictures == ["a.png"])
  }
}
