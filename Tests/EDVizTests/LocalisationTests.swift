import EDViz
import Testing

@Suite struct LocalisationErrorTests {
  static let sentences: [(LocalisationError, String)] = [
    (.noImages(folder: "d"), "d: holds no pictures (JPEG or PNG)"),
    (.noPairs(images: "i", masks: "m"), "no picture in i has a mask of its name in m"),
    (.noMask(image: "i/a.jpg"), "i/a.jpg: has no mask of its name"),
    (.noImage(mask: "m/a.png"), "m/a.png: has no picture of its name"),
    (
      .ambiguous(image: "i/a.jpg"),
      "i/a.jpg: has its name in common with other pictures or masks; make names differ, or put mask and picture "
        + "into subfolders of the same name"
    ),
    (.emptyMask(path: "m/a.png"), "m/a.png: is an empty mask: no pixel is brighter than half"),
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
    (.noBox(image: "a.jpg"), "a.jpg: has no line in bounding_boxes.txt"),
    (.noPictures(folder: "c", split: "test"), "c: its split test has no pictures"),
    (.unfinished(folder: "r"), "r: holds an unfinished run (--resume continues it, --force begins anew)"),
    (
      .changed(folder: "r"),
      "r: the unfinished run in it was begun with other pictures, weights or options (--force begins anew)"
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
}
