import Images
import Testing

@testable import Datasets

@Suite struct BoxListTests {
  private func read(_ text: String, ends: BoxList.Ends = .excluded) throws -> BoxList {
    try BoxList(Array(text.utf8), path: "d/boxes.txt", ends: ends)
  }

  private static let good: [(line: String, path: String)] = [
    ("a.png 1 2 30 40", "d/a.png"), ("a.png,1,2,30,40", "d/a.png"), (" a.png\t1, 2, 30 ,40 \r", "d/a.png"),
    ("my photo.jpg 1 2 30 40", "d/my photo.jpg"), ("in/a 7.png,1 2 30 40", "d/in/a 7.png"),
    ("/root/a.png 1 2 30 40", "/root/a.png"),
  ]

  @Test(arguments: good)
  func linesAreRead(line: String, path: String) throws {
    let list = try read(line)
    #expect(list.entries == [.init(path: path, box: Box(x0: 1, y0: 2, x1: 30, y1: 40))])
    #expect(list.badLines.isEmpty)
  }

  private static let bad: [(line: String, reason: String)] = [
    ("a.png", "'name x0 y0 x1 y1' with four whole numbers was expected"),
    ("a.png 1 2 3", "'name x0 y0 x1 y1' with four whole numbers was expected"),
    ("1 2 3 4", "'name x0 y0 x1 y1' with four whole numbers was expected"),
    ("a.png 1 2 3.5 4", "'name x0 y0 x1 y1' with four whole numbers was expected"),
    ("a.png 1 2 99999999999 4", "'name x0 y0 x1 y1' with four whole numbers was expected"),
    ("a.png 5 2 5 4", "the box 5 2 5 4, ends excluded, is empty"),
    ("a.png 1 9 3 4", "the box 1 9 3 4, ends excluded, is empty"),
    ("b.png 0 0 2 2", "b.png has a box already, in line 4"),
    ("name x0 y0 x1 y1", "'name x0 y0 x1 y1' with four whole numbers was expected"),
  ]

  @Test(arguments: bad)
  func wrongLinesAreNamed(line: String, reason: String) throws {
    let list = try read("name,x0,y0,x1,y1\n\n# a remark\nb.png 0 0 1 1\n\(line)\nc.png 0 0 1 1\n")
    #expect(list.entries.map(\.path) == ["d/b.png", "d/c.png"])
    #expect(list.badLines.map(\.description) == ["d/boxes.txt: line 5: \(reason)"])
  }

  @Test func endsMayBelongToTheBox() throws {
    let list = try read("a.png 63 2 63 4", ends: .included)
    #expect(list.entries[0].box == Box(x0: 63, y0: 2, x1: 64, y1: 5))
  }

  @Test func listsWithoutGoodLinesAreErrors() {
    #expect(throws: DatasetError.noImages(path: "d/boxes.txt")) { try read("# nothing\nname x0 y0 x1 y1\n") }
    #expect(throws: DatasetError.self) { try read("%PDF-1.4\n1 2\n") }
    #expect(throws: DatasetError.file(.notFound(path: "none.txt"))) { try BoxList(contentsOf: "none.txt") }
  }
}
