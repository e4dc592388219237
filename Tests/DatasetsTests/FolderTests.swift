import Files
import Glibc
import Images
import Testing

@testable import Datasets

/// Image folders, lists and CUB-200-2011's layout.
@Suite struct FolderTests {
  @Test func foldersAreClasses() throws {
    let folder = try TemporaryFolder()
    try folder.picture("b/2.png", red: 2)
    try folder.picture("b/1.JPEG", red: 1)
    try folder.picture("a/deep/er.png", red: 3)
    try folder.write("a/notes.txt", "no picture")
    try folder.write(".hidden/x.png", "")
    let dataset = try DatasetSource(path: folder.path).open()
    #expect(dataset.classes == ["a", "b"])
    #expect((0..<dataset.count).map(dataset.label) == [0, 1, 1])
    #expect(try (0..<3).map { try dataset.image(at: $0).pixels[0] } == [3, 1, 2])
    #expect(dataset.name(at: 1) == "\(folder.path)/b/1.JPEG")
    #expect(!dataset.isDecoded)
    #expect(
      failure(DatasetSource(path: folder.path, split: .test))
        == .noSplit(path: folder.path, split: "test", found: []))
  }

  @Test func splitsAreFolders() throws {
    let folder = try TemporaryFolder()
    try folder.picture("train/b/1.png")
    try folder.picture("train/c/2.png")
    try folder.picture("val/a/3.png", red: 9)
    try folder.picture("val/c/4.png")
    // Labels agree between splits although neither has all classes.
    let train = try DatasetSource(path: folder.path).open()
    #expect(train.classes == ["a", "b", "c"])
    #expect((0..<train.count).map(train.label) == [1, 2])
    for split in [DatasetSplit.val, .test] {
      let val = try DatasetSource(path: folder.path, split: split).open()
      #expect(val.classes == train.classes)
      #expect((0..<val.count).map(val.label) == [0, 2])
    }
    try folder.picture("test/c/5.png")
    #expect(try DatasetSource(path: folder.path, split: .test).open().count == 1)
    // A split's own folder is a dataset as well.
    #expect(try DatasetSource(path: folder.path + "/val").open().classes == ["a", "c"])
  }

  @Test func onlyFoldersOfFoldersAreSplits() throws {
    let folder = try TemporaryFolder()
    try folder.picture("test/1.png")
    try folder.picture("exam/2.png")
    #expect(try DatasetSource(path: folder.path).open().classes == ["exam", "test"])
    let other = try TemporaryFolder()
    try other.picture("test/a/1.png")
    #expect(try DatasetSource(path: other.path).open().classes == ["a"])
    try other.picture("val/b/1.png")
    #expect(
      failure(other.path) == .noSplit(path: other.path, split: "train", found: ["test", "val"]))
  }

  @Test func classesHaveNamesAndOrder() throws {
    for lines in ["n2, owl\nn9, nobody\nn1, great tit\n", "n2 owl\n\nn1\tgreat tit", "1 n2\n2 n1\n"] {
      let folder = try TemporaryFolder()
      try folder.picture("train/n1/1.png")
      try folder.picture("train/n2/2.png")
      try folder.write("classes.txt", lines)
      for path in [folder.path, folder.path + "/train"] {
        let dataset = try DatasetSource(path: path).open()
        #expect(dataset.classes == (lines.hasPrefix("1") ? ["n2", "n1"] : ["owl", "great tit"]))
        #expect((0..<2).map(dataset.label) == [1, 0])
      }
      try folder.picture("train/n3/1.png")
      #expect(
        failure(folder.path)
          == .unlistedClass(path: "\(folder.path)/classes.txt", folder: "n3"))
    }
    // A list of something else.
    let folder = try TemporaryFolder()
    try folder.picture("n1/1.png")
    try folder.write("classes.txt", "first period: biology\n")
    #expect(try DatasetSource(path: folder.path).open().classes == ["n1"])
  }

  @Test func someClassesInAnotherOrder() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b", "c"] { try folder.picture("\(name)/1.png", red: name.utf8.first ?? 0) }
    let dataset = try DatasetSource(path: folder.path, classes: ["c", "a"]).open()
    #expect(dataset.classes == ["c", "a"])
    #expect((0..<dataset.count).map(dataset.label) == [1, 0])
    #expect(try dataset.image(at: 1).pixels[0] == UInt8(ascii: "c"))
    #expect(failure(DatasetSource(path: folder.path, classes: ["d"]))?.kind == "unknownClass")
    #expect(failure(DatasetSource(path: folder.path, root: "r"))?.kind == "setting")
    #expect(failure(DatasetSource(path: folder.path, classes: ["a", "a"]))?.kind == "unknownClass")
  }

  @Test func lists() throws {
    let folder = try TemporaryFolder()
    try folder.picture("pictures/a wren.png", red: 5)
    let absolute = try folder.picture("b.png", red: 6)
    let list = try folder.write("list.txt", "# path label\r\npictures/a wren.png 2\r\n\n\(absolute)\t0\n")
    let dataset = try DatasetSource(path: list).open()
    #expect(dataset.classes == ["0", "1", "2"])
    #expect((0..<2).map(dataset.label) == [2, 0])
    #expect(try (0..<2).map { try dataset.image(at: $0).pixels[0] } == [5, 6])
    let other = try folder.write("elsewhere/list.txt", "pictures/a wren.png 0\nmissing.png 1\n")
    let rooted = try DatasetSource(path: other, root: folder.path, classes: ["wren", "none"]).open()
    #expect(rooted.classes == ["wren", "none"])
    #expect(try rooted.image(at: 0).pixels[0] == 5)
    #expect(throws: FileError.notFound(path: "\(folder.path)/missing.png")) { try rooted.image(at: 1) }

    #expect(failure(DatasetSource(path: list, classes: ["a", "b"]))?.kind == "labelOutOfRange")
    // A list has no parts, and must not stand for one.
    #expect(
      failure(DatasetSource(path: list, split: .val)) == .noSplit(path: list, split: "val", found: []))
    for (line, kind) in [
      ("a.png -1", "labelOutOfRange"), ("a.png 100000", "labelOutOfRange"),
      ("a.png 99999999999999999999", "badLine"), ("a.png", "badLine"), ("3", "badLine"),
    ] {
      let path = try folder.write("bad.txt", "b.png 0\n\(line)\n")
      #expect(failure(path)?.kind == kind, "\(line)")
    }
  }

  /// Neither results beside pictures nor folders in folders hide any.
  @Test func walksAreComplete() throws {
    let folder = try TemporaryFolder()
    for name in ["a/1.png", "a/more/2.png", "a/more/yet/3.png", "b/.hidden/4.png", "b/5.png"] {
      try folder.picture(name)
    }
    try folder.write("a/more/manifest.json", "{}")
    #expect(symlink(folder.path + "/a", folder.path + "/b/circle") == 0)
    let dataset = try DatasetSource(path: folder.path).open()
    let names = (0..<dataset.count).map { String(dataset.name(at: $0).dropFirst(folder.path.utf8.count)) }
    #expect(names == ["/a/1.png", "/a/more/2.png", "/a/more/yet/3.png", "/b/5.png"])
  }

  @Test(.enabled(if: geteuid() != 0, "root reads every folder"))
  func unreadableFoldersAreErrors() throws {
    let folder = try TemporaryFolder()
    try folder.picture("a/1.png")
    try folder.picture("b/1.png")
    chmod(folder.path + "/b", 0)
    defer { chmod(folder.path + "/b", 0o700) }
    #expect(failure(folder.path)?.kind == "file")
  }

  /// A pipe or a device has no end, and nobody's picture has 300 MB.
  @Test func onlyFilesOfSomeSizeAreRead() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.path + "/pipe.png", 0o600) == 0)
    let large = try folder.write("large.png", "")
    #expect(truncate(large, 300 << 20) == 0)
    let list = try folder.write("list.txt", "pipe.png 0\nlarge.png 0\n/dev/zero 0\nnone.png 0\n")
    let dataset = try DatasetSource(path: list).open()
    let reason = "it has more than 268435456 bytes"
    for (position, path, error) in [
      (0, "pipe.png", FileError.unreadable(path: folder.path + "/pipe.png", reason: "not a regular file")),
      (1, "large.png", .unreadable(path: large, reason: reason)),
      (2, "/dev/zero", .unreadable(path: "/dev/zero", reason: "not a regular file")),
      (3, "none.png", .notFound(path: folder.path + "/none.png")),
    ] {
      #expect(throws: error, "\(path)") { try dataset.image(at: position) }
    }
  }

  @Test func halfAPictureIsBad() throws {
    let folder = try TemporaryFolder()
    let image = Image(width: 64, height: 64, pixels: noise(64 * 64 * 3, seed: 1))
    let jpeg = try image.encodedJPEG()
    try folder.write("a/1.jpg", jpeg)
    let half = try folder.write("a/2.jpg", jpeg[..<(jpeg.count / 2)])
    let dataset = try DatasetSource(path: folder.path).open()
    #expect(try dataset.image(at: 0).width == 64)
    #expect(throws: ImageError.incomplete(file: half)) {
      try dataset.image(at: 1)
    }
    let loader = try BatchLoader(dataset, options: .evaluation(batchSize: 2))
    #expect(try loader.epoch(0).next()?.positions == [0])
    #expect(loader.badImages.map(\.reason) == ["\(half): damaged JPEG file: it ends early"])
  }

  @Test func birds() throws {
    let folder = try TemporaryFolder()
    for (number, red) in [(1, 1), (2, 2), (3, 3)] {
      try folder.picture("images/\(number % 2)/\(number) x.png", red: UInt8(red))
    }
    try folder.write("images.txt", "1 1/1 x.png\n2 0/2 x.png\n3 1/3 x.png\n")
    try folder.write("image_class_labels.txt", "3 1\n1 2\n2 1\n")
    try folder.write("train_test_split.txt", "1 1\n2 0\n3 1\n")
    try folder.write("classes.txt", "1 001.Auklet\n2 002.Blue Jay\n")
    let train = try DatasetSource(path: folder.path).open()
    #expect(train.classes == ["001.Auklet", "002.Blue Jay"])
    #expect((0..<train.count).map(train.label) == [1, 0])
    #expect(try train.image(at: 1).pixels[0] == 3)
    let test = try DatasetSource(path: folder.path, split: .test).open()
    #expect((0..<test.count).map(test.label) == [0])

    try folder.write("image_class_labels.txt", "1 3\n2 1\n3 1\n")
    #expect(failure(folder.path)?.kind == "labelOutOfRange")
    for label in ["0", "-2147483648"] {
      try folder.write("image_class_labels.txt", "1 \(label)\n2 1\n3 1\n")
      #expect(failure(folder.path)?.kind == "labelOutOfRange")
    }
    try folder.write("image_class_labels.txt", "1 1\n2 1\n")
    #expect(failure(folder.path)?.kind == "badLine")
    for label in ["one", "-9223372036854775808", ""] {
      try folder.write("image_class_labels.txt", "1 \(label)\n")
      #expect(failure(folder.path)?.kind == "badLine")
    }
    try folder.write("classes.txt", "2 b\n1 a\n")
    #expect(failure(folder.path)?.kind == "badLine")
  }

  /// What is marked in birds; lines that cannot be used are told and stop nothing.
  @Test func markedBirds() throws {
    let folder = try TemporaryFolder()
    let inner = folder.path + "/CUB_200_2011"
    for (name, text) in [
      ("images.txt", "1 a/1.jpg\n2 a/2 x.jpg\n5 b/5.jpg\n"), ("image_class_labels.txt", "1 1\n2 1\n5 2\n"),
      ("train_test_split.txt", "1 1\n2 0\n5 0\n9 0\n"), ("classes.txt", "1 a\n2 b\n"),
      ("bounding_boxes.txt", "1 60.0 27.5 325.0 304.0\n2 1 2 3\n5 nan 2 3 4\n"),
      ("parts/part_locs.txt", "1 1 10.5 20.0 1\n1 2 0.0 0.0 0\n2 1 0.0 0.0 0\n1 3 7 8 1\n"),
    ] {
      try folder.write("CUB_200_2011/" + name, text)
    }
    let birds = try BirdsFolder(path: folder.path, marks: true)
    #expect(birds.path == inner && birds.classes == ["a", "b"] && birds.pictures.map(\.number) == [1, 2, 5])
    #expect(birds.pictures(of: .test).map(\.name) == ["a/2 x.jpg", "b/5.jpg"])
    #expect(birds.pictures(of: .train).map(\.label) == [0] && birds.pictures(of: nil).count == 3)
    #expect(birds.pictures[0].box == [60, 27.5, 325, 304] && birds.pictures[1].box == nil)
    #expect(birds.pictures[0].visibleParts?.map(\.x) == [10.5, 7])
    #expect(birds.pictures[1].visibleParts?.isEmpty == true && birds.pictures[2].visibleParts == nil)
    #expect(
      birds.problems.map(\.description) == [
        inner + "/train_test_split.txt: line 4: image 9 is not in images.txt",
        inner + "/bounding_boxes.txt: line 2: 5 numbers were expected",
        inner + "/bounding_boxes.txt: line 3: 5 numbers were expected",
      ])
    #expect(try BirdsFolder(path: inner).pictures[0].box == nil)
    let odd = (0..<3000).map { "\($0) 1\n" }.joined()
    try folder.write("CUB_200_2011/train_test_split.txt", "1 1\n2 0\n5 0\n" + odd)
    let many = try BirdsFolder(path: folder.path)
    #expect(many.problems.count == 1001)
    // 0 to 2999 without 1, 2 and 5; what differs is one more each for 2 and 5, which then have no split.
    #expect(
      many.problems.last == .moreBadLines(path: inner + "/images.txt", count: 2997 + 4 - 1000),
      "\(many.problems.suffix(1))")
    try folder.write("CUB_200_2011/train_test_split.txt", "9 0\n")
    #expect(throws: DatasetError.self) { try BirdsFolder(path: folder.path) }
  }
}
