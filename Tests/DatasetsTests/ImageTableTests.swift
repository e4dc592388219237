import Files
import Images
import Testing

@testable import Datasets

/// CSV, TSV and JSON of paths and labels.
@Suite struct ImageTableTests {
  private func open(_ text: String, _ name: String, classes: [String]? = nil) throws -> any Dataset {
    let folder = try TemporaryFolder()
    let path = folder.path + "/" + name
    try AtomicFile.write(text.utf8, to: path)
    do { return try DatasetSource(path: path, classes: classes).open() } catch DatasetError.damaged(
      _, let reason)
    {
      throw DatasetError.damaged(path: name, reason: reason)
    } catch DatasetError.badLine(_, let line, let reason) {
      throw DatasetError.badLine(path: name, line: line, reason: reason)
    }
  }

  private func labels(_ dataset: any Dataset) -> [Int] { (0..<dataset.count).map { dataset.label(at: $0) } }

  @Test(arguments: [
    ("a.csv", "path,label\nx/a.jpg,bee\nb.webp,ant\n"), ("a.csv", "x/a.jpg,bee\nb.webp,ant\n"),
    ("a.csv", "id,class_name,image\n7,bee,\"x/a.jpg\"\n8,ant,b.webp\n"),
    ("a.tsv", "file\tclass\nx/a.jpg\tbee\nb.webp\tant\n"),
    ("a.csv", "\u{FEFF}Path,Label\r\nx/a.jpg,bee\r\nb.webp,ant\r\n"),
    (
      "a.json",
      #"[{"file_name": "x/a.jpg", "label": "bee", "size": [1, 2]}, {"file_name": "b.webp", "label": "ant"}]"#
    ),
    ("a.json", #"[["x/a.jpg", "bee"], ["b.webp", "ant"]]"#),
    ("a.json", #"{"x/a.jpg": "bee", "b.webp": "ant"}"#),
  ])
  func namesAreClasses(name: String, text: String) throws {
    let dataset = try open(text, name)
    #expect(dataset.classes == ["ant", "bee"])
    let isSorted = text.hasPrefix("{")
    #expect(labels(dataset) == (isSorted ? [0, 1] : [1, 0]), "\(text)")
    #expect(try labels(open(text, name, classes: ["bee", "ant"])) == (isSorted ? [1, 0] : [0, 1]))
  }

  @Test func numbersAreLabels() throws {
    let dataset = try open("path,label\na.jpg,2\nb.jpg,0\nb.jpg,0\n", "a.csv")
    #expect(dataset.classes == ["0", "1", "2"] && labels(dataset) == [2, 0, 0])
    #expect(try open("a.jpg,1\nb.jpg,0\n", "a.csv", classes: ["ant", "bee"]).classes == ["ant", "bee"])
    #expect(throws: DatasetError.self) { try open("a.jpg,2\nb.jpg,0\n", "a.csv", classes: ["ant", "bee"]) }
  }

  @Test func mistakesAreNamed() {
    for (name, text, error) in [
      (
        "a.csv", "name,x\na.jpg,1\n",
        DatasetError.badLine(
          path: "a.csv", line: 1,
          reason: "headings 'path' and 'label', or two columns of these, were expected")
      ),
      (
        "a.csv", "path,label\na.jpg,\n",
        .badLine(path: "a.csv", line: 2, reason: "it has no path or no label")
      ),
      (
        "a.csv", "a.jpg,ant\na.jpg,bee\n",
        .damaged(path: "a.csv", reason: "a.jpg has two labels, ant and bee")
      ),
      ("a.json", "[3]", .damaged(path: "a.json", reason: "it is no JSON of paths and labels")),
      (
        "a.json", #"[{"path": "a.jpg"}]"#, .damaged(path: "a.json", reason: "entry 1 has no path or no label")
      ),
    ] {
      #expect(throws: error) { try open(text, name) }
    }
  }
}
