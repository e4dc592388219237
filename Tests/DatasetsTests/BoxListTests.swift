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
    ("/root/a.png 1 2 30 40", "/root/a.png"), ("a.png 1.0 2.0 30.0 40.0", "d/a.png"),
    ("a.png\t1.4\t1.6\t29.5\t40.4\t", "d/a.png"), ("a.png,1,2,30,40,", "d/a.png"),
    ("a.png +1 2e0 3E1 4.0e+1", "d/a.png"), ("\"a, b.png\",1,2,30,40", "d/a, b.png"),
    ("\u{FEFF}a.png 1 2 30 40", "d/a.png"), ("\r\n\r\na.png 1 2 30 40\r\n\r\n", "d/a.png"),
    ("caf\\xe9.png 1 2 30 40", "d/caf\\x5cxe9.png"),
  ]

  @Test(arguments: good)
  func linesAreRead(line: String, path: String) throws {
    let list = try read(line)
    #expect(list.entries.map(\.path) == [path])
    #expect(list.entries.map(\.boxes) == [[Box(x0: 1, y0: 2, x1: 30, y1: 40)]])
    #expect(list.badLines.isEmpty)
  }

  private static let bad: [(line: String, reason: String)] = [
    ("a.png", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("a.png 1 2 3", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("1 2 3 4", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("a.png 1 2 nan 4", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("a.png 1 2 inf 4", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("a.png 1 2 1e400 4", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("a.png 1 2 0x1p3 4", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("a.png 1.1 2 1.4 4", "the box 1.1 2 1.4 4, ends excluded, is empty"),
    ("a.png 1 2 99999999999 4", "'name x0 y0 x1 y1' with four numbers was expected"),
    ("a.png 5 2 5 4", "the box 5 2 5 4, ends excluded, is empty"),
    ("a.png 1 9 3 4", "the box 1 9 3 4, ends excluded, is empty"),
    ("name x0 y0 x1 y1", "'name x0 y0 x1 y1' with four numbers was expected"),
  ]

  @Test(arguments: bad)
  func wrongLinesAreNamed(line: String, reason: String) throws {
    let list = try read("name,x0,y0,x1,y1\n\n# a remark\nb.png 0 0 1 1\n\(line)\nc.png 0 0 1 1\n")
    #expect(list.entries.map(\.path) == ["d/b.png", "d/c.png"])
    #expect(list.badLines.map(\.description) == ["d/boxes.txt: line 5: \(reason)"])
    #expect(list.remarks == ["d/boxes.txt: line 1 is taken as headings"])
  }

  /// All boxes of a picture are its object, in whatever order lines stand; never the first alone.
  @Test func severalBoxesAreOneObject() throws {
    let list = try read("a.png 0 0 2 2\nb.png 1 1 3 3\na.png 5 5 9 9\n")
    #expect(list.entries.map(\.path) == ["d/a.png", "d/b.png"])
    #expect(list.entries[0].boxes == [Box(x0: 0, y0: 0, x1: 2, y1: 2), Box(x0: 5, y0: 5, x1: 9, y1: 9)])
    let more = try read("./c.png 0 0 1 1\nb.png 7 7 8 8\n")
    #expect(BoxList.joined([list, more]).entries.map(\.boxes.count) == [2, 2, 1])
    // One picture in two ways of writing, and one that a line of another list cannot be told of.
    let again = try read("./a.png 4 4 5 5\nd/../a.png 1 1 2 2\nb.png 1 2 3\n")
    let (entries, problems) = BoxList.joined([list, again])
    #expect(entries.map(\.path) == ["d/a.png", "d/d/../a.png"] && entries[0].boxes.count == 3)
    #expect(
      problems.map(\.error.description) == [
        "d/boxes.txt: is damaged: d/b.png has a line that is no box, so none of its boxes counts"
      ])
  }

  /// Without a line that cannot be read, the object of its picture would be another one.
  @Test(arguments: ["a.png 1 2", "a.png 1 2 3 x", "a.png 4 4 4 9", "a.png"])
  func picturesOfBadLinesAreLeftOut(line: String) throws {
    let list = try read("a.png 0 0 2 2\n\(line)\nb.png 0 0 1 1\n")
    #expect(list.entries.map(\.path) == ["d/b.png"])
    #expect(list.badLines.count == 2)
    #expect(
      list.badLines[1].description
        == "d/boxes.txt: is damaged: d/a.png has a line that is no box, so none of its boxes counts")
  }

  /// However many bad lines there are, all are counted and the first are kept, and the picture of the last is left out.
  @Test func badLinesAreBounded() throws {
    let bad = (0..<5000).map { "x\($0).png 1 2\n" }.joined()
    let list = try read("a.png 0 0 2 2\nb.png 0 0 1 1\n\(bad)b.png 3\n")
    #expect(list.entries.map(\.path) == ["d/a.png"])
    #expect(list.badLines.count == 1001)
    #expect(list.badLines[999].description.hasPrefix("d/boxes.txt: line 1002: "))
    // 5001 lines and the picture that is left out.
    #expect(list.badLines[1000] == .moreBadLines(path: "d/boxes.txt", count: 4002))
    #expect(list.badLines[1000].description == "d/boxes.txt: 4002 more of its lines cannot be used")
    let other = try read("x4999.png 0 0 1 1\n")
    #expect(BoxList.joined([other, list]).entries.map(\.path) == ["d/a.png"])
  }

  @Test(arguments: [
    ("name cx cy w h", "the columns are cx cy w h, but x0 y0 x1 y1 or x y width height are read"),
    (
      "file,ymin,xmin,ymax,xmax",
      "the columns are ymin xmin ymax xmax, but x0 y0 x1 y1 or x y width height are read"
    ),
    (
      "ImageID XMin XMax YMin YMax",
      "the columns are XMin XMax YMin YMax, but x0 y0 x1 y1 or x y width height are read"
    ),
  ])
  func otherColumnsAreRefused(line: String, reason: String) {
    let error = #expect(throws: DatasetError.self) { try read("\(line)\na.png 1 2 3 4\n") }
    #expect(error?.description == "d/boxes.txt: line 1: \(reason)")
  }

  @Test(arguments: ["x1 y1 x2 y2", "xmin ymin xmax ymax", "x_min y_min x_max y_max", "Left Top Right Bottom"])
  func headingsArePassedOver(columns: String) throws {
    let list = try read("name \(columns)\na.png 1 2 3 4\n")
    #expect(list.entries.count == 1 && list.badLines.isEmpty)
  }

  /// Headings tell that the last two numbers are a size; so does a user, whose word goes first.
  @Test func sizesAreRead() throws {
    let box = Box(x0: 1, y0: 2, x1: 5, y1: 8)
    for columns in ["x y w h", "x,y,width,height", "left top width height", "X Y W H"] {
      let list = try read("name \(columns)\na.png 1.4 2 3.2 6\n")
      #expect(
        list.entries.map(\.boxes) == [[box]] && list.remarks[0].hasSuffix("left, top, width and height"))
    }
    let bytes = Array("a.png 1.4 2 3.2 6\nb.png 1 1 0 4\n".utf8)
    let said = try BoxList(bytes, path: "d/boxes.txt", format: .xywh)
    #expect(said.entries.map(\.boxes) == [[box]] && said.badLines.count == 1)
    let headed = Array("name x y w h\na.png 1 2 3 6\n".utf8)
    #expect(
      try BoxList(headed, path: "d/boxes.txt", format: .xyxy).entries[0].boxes == [
        Box(x0: 1, y0: 2, x1: 3, y1: 6)
      ])
  }

  @Test func endsMayBelongToTheBox() throws {
    let list = try read("a.png 63 2 63 4", ends: .included)
    #expect(list.entries[0].boxes == [Box(x0: 63, y0: 2, x1: 64, y1: 5)])
  }

  @Test func listsWithoutGoodLinesAreErrors() {
    #expect(throws: DatasetError.noImages(path: "d/boxes.txt")) { try read("# nothing\nname x0 y0 x1 y1\n") }
    #expect(throws: DatasetError.self) { try read("%PDF-1.4\n1 2\n") }
    #expect(throws: DatasetError.file(.notFound(path: "none.txt"))) { try BoxList(contentsOf: "none.txt") }
  }
}
