import Files
import Testing

@Suite struct CSVTests {
  private func lines(_ text: String) throws -> [[String]] {
    let folder = try TemporaryFolder()
    try AtomicFile.write(text.utf8, to: folder.path + "/a.csv")
    var lines: [[String]] = []
    try CSV.forEachLine(ofFile: folder.path + "/a.csv") { _, fields in lines.append(fields) }
    return lines
  }

  @Test func fieldsComeBack() throws {
    let fields = ["a", "", "b,c", "\"", "d \"e\" f", "g\nh", "\r\n", "\",\n\"", "ü ☃", ""]
    let line = fields.map(CSV.field).joined(separator: ",")
    #expect(try lines(line + "\n" + line + "\n") == [fields, fields])
    #expect(try lines(line) == [fields])
    #expect(try lines("") == [] && lines("\n") == [[""]] && lines("a\n\nb") == [["a"], [""], ["b"]])
    // What ends inside quotation marks ends with the file.
    #expect(try lines("a,\"b\n") == [["a", "b\n"]] && lines("a,\"b\"\"") == [["a", "b\""]])
    #expect(try lines("a\"b,c\n") == [["a\"b", "c"]])
  }

  @Test func linesAreCounted() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("a\n\"b\nc\"\nd\n".utf8, to: folder.path + "/a.csv")
    var numbers: [Int] = []
    try CSV.forEachLine(ofFile: folder.path + "/a.csv") { line, _ in numbers.append(line) }
    #expect(numbers == [1, 2, 4])
  }
}
