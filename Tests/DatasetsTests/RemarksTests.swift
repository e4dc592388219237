import Files
import Glibc
import Images
import Testing

@testable import Datasets

/// What a dataset leaves out or decides by itself, it says.
@Suite struct RemarksTests {
  private func open(_ folder: TemporaryFolder, _ split: DatasetSplit? = nil) throws -> (any Dataset, [String])
  {
    let dataset = try DatasetSource(path: folder.path, split: split).open()
    let remarks = dataset.remarks + [dataset.remarkOnEmptyClasses(path: folder.path)].compactMap { $0 }
    return (dataset, remarks.map { $0.replacing(folder.path, with: "d") })
  }

  @Test func numbersAreInTheirOrder() throws {
    let folder = try TemporaryFolder()
    for name in ["0", "1", "10", "2", "-1", "007"] { try folder.picture("\(name)/1.png") }
    let (dataset, remarks) = try open(folder)
    #expect(dataset.classes == ["-1", "0", "1", "2", "007", "10"])
    #expect(
      (0..<dataset.count).map { dataset.classes[dataset.label(at: $0)] }.sorted() == dataset.classes.sorted())
    #expect(
      remarks == [
        "d: the names of the classes are numbers and in their order, -1, 0, 1 … 10, not in that of text"
      ])
    // One name that is none, and all are text; where both orders are one there is nothing to say.
    try folder.picture("x/1.png")
    #expect(try open(folder).0.classes == ["-1", "0", "007", "1", "10", "2", "x"])
    let even = try TemporaryFolder()
    for name in ["00", "01", "10"] { try even.picture("\(name)/1.png") }
    let (second, none) = try open(even)
    #expect(second.classes == ["00", "01", "10"] && none.isEmpty)
  }

  @Test func emptyClassesAreTold() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "c"] { try folder.picture("train/\(name)/1.png") }
    try folder.picture("val/a/1.png")
    try Folders.make(folder.path + "/train/b")
    #expect(try open(folder, .train).1 == ["d: there are no pictures of the class 'b'"])
    let (dataset, remarks) = try open(folder, .val)
    #expect(
      dataset.classes == ["a", "b", "c"] && remarks == ["d: there are no pictures of the classes 'b', 'c'"])
    for number in 0..<5 { try Folders.make(folder.path + "/train/n\(number)") }
    #expect(try open(folder, .val).1 == ["d: there are no pictures of 7 of 8 classes: 'b', 'c', 'n0' …"])
  }

  /// Names that are not UTF-8 are classes and pictures like others.
  @Test func namesAreAnyBytes() throws {
    let folder = try TemporaryFolder()
    try folder.picture("caf\\xe9/1.png", red: 1)
    try folder.picture("dog/\\xff.png", red: 2)
    let (dataset, remarks) = try open(folder)
    #expect(dataset.classes == ["caf\\xe9", "dog"] && remarks.isEmpty && dataset.count == 2)
    #expect(try (0..<2).map { try dataset.image(at: $0).pixels[0] } == [1, 2])
    #expect(dataset.name(at: 1) == folder.path + "/dog/\\xff.png")
    // A list in the same encoding finds them.
    let line = Array("caf".utf8) + [0xE9] + Array("/1.png 0\r\n".utf8)
    let list = try folder.write("list.txt", line)
    #expect(try DatasetSource(path: list).open().image(at: 0).pixels[0] == 1)
    try folder.write("classes.txt", Array("dog\ncaf".utf8) + [0xE9, 10])
    #expect(try open(folder).0.classes == ["dog", "caf\\xe9"])
  }

  /// An archive of such names, as programs for Windows write them.
  @Test func namesInArchivesAreAnyBytes() throws {
    let folder = try TemporaryFolder()
    var bytes = try Fixtures.bytes("images.zip")
    let name = Array("birds/train/n1/a b.png".utf8)
    for start in 0..<bytes.count - name.count where bytes[start..<start + name.count].elementsEqual(name) {
      bytes[start + 15] = 0xE9
    }
    let path = try folder.write("x.zip", bytes)
    let dataset = try DatasetSource(path: path).open()
    #expect(dataset.count == 3 && dataset.name(at: 0).hasSuffix("birds/train/n1/\\xe9 b.png"))
    #expect(try dataset.image(at: 0).pixels[0] == 0)
  }

  @Test func twoSpellingsOfOneClassAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.picture("caf\u{e9}/1.png")
    try folder.picture("cafe\u{301}/1.png")
    #expect(failure(folder.path)?.description.hasSuffix("in two spellings of Unicode") == true)
  }

  @Test func whatLiesElsewhereIsTold() throws {
    let folder = try TemporaryFolder()
    for name in ["a/1.png", "a/.2.png", "b/3.PNG", "loose.jpg"] { try folder.picture(name) }
    try folder.write("a/4.webp", "8BPS....")
    #expect(symlink("../b", folder.path + "/a/other") == 0 && symlink("gone", folder.path + "/b/5.png") == 0)
    let (dataset, remarks) = try open(folder)
    let names = (0..<dataset.count).map { String(dataset.name(at: $0).dropFirst(folder.path.utf8.count)) }
    #expect(names == ["/a/1.png", "/a/4.webp", "/b/3.PNG", "/b/5.png"])
    #expect(
      remarks == [
        "d/a/other: is a link to a folder and is left out",
        "d/a: 1 of the names in it begin with a dot and are left out",
        "d: pictures that lie in no folder of a class are left out: 1",
      ])
    #expect(throws: ImageError.unreadFormat(file: folder.path + "/a/4.webp", format: "Photoshop")) {
      try dataset.image(at: 1)
    }
    #expect(throws: FileError.notFound(path: folder.path + "/b/5.png")) { try dataset.image(at: 3) }
  }

  @Test func listsThatDisagreeAreRefused() throws {
    let folder = try TemporaryFolder()
    let again = try folder.write("again.txt", "a.png 0\nb.png 1\na.png 0\n")
    let dataset = try DatasetSource(path: again).open()
    #expect(dataset.count == 3)
    #expect(dataset.remarks == ["\(again): lines that name a picture again, which counts again: 1"])
    let odd = try folder.write("odd.txt", "a.png 0\na.png 1\n")
    #expect(failure(odd) == .badLine(path: odd, line: 2, reason: "a.png has the label 1, but 0 in line 1"))
    for mark in [[0xEF, 0xBB, 0xBF], []] as [[UInt8]] {
      let list = try folder.write("list.txt", mark + Array("b.png 1\r\n\r\na.png 0".utf8))
      let dataset = try DatasetSource(path: list).open()
      #expect((0..<2).map { dataset.name(at: $0) } == ["b.png", "a.png"].map { "\(folder.path)/\($0)" })
    }
  }

  /// CUB-200-2011: what two lines say differently of a picture, neither of them says.
  @Test func birdsOfTwoLinesAreTold() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [
      (
        "images.txt", "\u{FEFF}1 a/1.jpg\r\n2 a/2.jpg\r\n3 a/3.jpg\r\n3 a/4.jpg\r\n5 a/5.jpg\r\n6 a/6.jpg\r\n"
      ),
      ("image_class_labels.txt", "1 1\n2 1\n2 2\n3 1\n5 2\n6 1\n"),
      ("train_test_split.txt", "1 1\n2 0\n3 0\n5 0\n6 2\n"),
      ("classes.txt", "\u{FEFF}1 a\n2 b\n"),
      ("bounding_boxes.txt", "1 1 2 3 4\n1 1 2 3 4\n5 1 2 3 4\n5 9 9 3 4\n"),
      (
        "parts/part_locs.txt",
        "1 1 10.5 20.0 1\n1 2 0x1p3 0 1\n1 3 4 4 2\n1 1 10.5 20 1\n5 1 3 3 1\n5 2 4 4 1\n5 2 4 5 1\n"
      ),
    ] {
      try folder.write(name, text)
    }
    let birds = try BirdsFolder(path: folder.path, marks: true)
    #expect(birds.pictures.map(\.number) == [1, 5] && birds.classes == ["a", "b"])
    #expect(birds.pictures[0].box == [1, 2, 3, 4] && birds.pictures[1].box == nil)
    #expect(birds.pictures[0].visibleParts?.map(\.x) == [10.5] && birds.pictures[1].visibleParts == nil)
    #expect(
      birds.problems.map { $0.description.replacing(folder.path + "/", with: "") } == [
        "image_class_labels.txt: is damaged: image 2 has several lines that differ, none of which counts",
        "train_test_split.txt: line 5: 0 or 1 was expected at the end",
        "bounding_boxes.txt: is damaged: image 5 has several lines that differ, none of which counts",
        "parts/part_locs.txt: line 2: 5 numbers were expected",
        "parts/part_locs.txt: line 3: 0 or 1 was expected at the end",
        "parts/part_locs.txt: is damaged: image 5 has several lines of one part that differ, so none of its parts counts",
        "images.txt: line 2: image 2 has no label or no split",
        "images.txt: line 3: image 3 has several lines, none of which counts",
        "images.txt: line 4: image 3 has several lines, none of which counts",
        "images.txt: line 6: image 6 has no label or no split",
      ])
  }
}
