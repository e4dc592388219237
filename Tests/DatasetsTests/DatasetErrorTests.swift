import Checkpoints
import Files
import Testing

@testable import Datasets

@Suite struct DatasetErrorTests {
  private static let sentences: [(DatasetError, String)] = [
    (.file(.notFound(path: "d")), "d: no such file or folder"),
    (
      .checkpoint(.forbidden(path: "d", name: "os.system")),
      "d: names os.system, which edviz does not execute"
    ),
    (
      .unknownFormat(name: "x", known: ["auto", "zip"]), "no dataset format is called x; there are auto, zip"
    ),
    (
      .unrecognised(path: "d", reason: "it is one picture"),
      "d: is no dataset that edviz knows: it is one picture"
    ),
    (.noSplit(path: "d", split: "test", found: ["train"]), "d: has no split test; there is train"),
    (.noSplit(path: "d", split: "test", found: []), "d: has no split test, nor any other"),
    (.noImages(path: "d"), "d: holds no images"),
    (.tooSmall(file: "a.png", width: 3, height: 2), "a.png: 2 × 3 pixels are too small for the network"),
    (
      .damaged(path: "d", reason: "its entry 'a\u{1b}': short"), "d: is damaged: its entry 'a\u{fffd}': short"
    ),
    (
      .badLine(path: "d", line: 3, reason: "two numbers were expected"),
      "d: line 3: two numbers were expected"
    ),
    (
      .labelOutOfRange(path: "d", place: "line 2", label: 7, classes: 5),
      "d: line 2 has the label 7, but there are 5 classes, counted from 0"
    ),
    (.unknownClass(path: "d", name: "x", known: ["a", "b"]), "d: has no class x; there are a, b"),
    (.unknownClass(path: "d", name: "a", known: ["a", "b"]), "d: the class a is named twice"),
    (
      .unknownClass(path: "d", name: "x", known: (0..<12).map { "\($0)" }),
      "d: has no class x; there are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    ),
    (
      .unlistedClass(path: "classes.txt", folder: "n3"),
      "classes.txt: does not list the class of the folder n3"
    ),
    (.setting(name: "size", value: "0", needed: "from 1 to 9"), "size is 0, but must be from 1 to 9"),
    (
      .sizesDiffer(file: "a.png", width: 5, height: 4, batchWidth: 3, batchHeight: 2),
      "a.png: is 5 × 4 after augmentation where its batch has 3 × 2"
    ),
    (
      .tooManyBad(count: 2, total: 9, first: ["a: is empty", "b: is empty"]),
      "2 of 9 images cannot be read: a: is empty; b: is empty"
    ),
    (.tooManyBad(count: 4, total: 9, first: ["a: is empty"]), "4 of 9 images cannot be read: a: is empty; …"),
  ]

  @Test func everyErrorIsASentence() {
    for (error, sentence) in Self.sentences { #expect(error.description == sentence) }
  }

  @Test func theNearestReasonIsGiven() throws {
    let folder = try TemporaryFolder()
    func reason(_ path: String) -> String {
      if case .unrecognised(_, let reason) = failure(path) { reason } else { "" }
    }
    #expect(failure(folder.path + "/nothing") == .file(.notFound(path: folder.path + "/nothing")))
    #expect(failure(DatasetSource(path: folder.path, format: "x"))?.kind == "unknownFormat")
    #expect(reason(folder.path) == "the folder is empty")
    try folder.write("deep/er/notes.txt", "")
    #expect(reason(folder.path) == "none of its folders holds pictures (.jpg, .png, .webp, .tif and others)")
    let picture = try folder.picture("a.png")
    #expect(reason(folder.path) == "its pictures lie in no folder per class")
    #expect(reason(picture) == "it is one picture")
    #expect(reason(try folder.write("x", "")) == "the file is empty")
    #expect(reason(try folder.write("x", [0x1f, 0x8b, 8])) == "it is compressed by gzip; unpack it first")
    #expect(reason(try folder.write("x", [1, 0, 2])) == "the file is neither a zip archive nor text")
    #expect(
      reason(try folder.write("x", "some words\n"))
        == "its first line is not 'path label' with a number from 0 as the label")
    #expect(failure(DatasetSource(path: folder.path + "/deep", format: "folders"))?.kind == "noImages")
  }
}
