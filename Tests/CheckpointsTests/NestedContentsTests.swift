import Testing

@testable import Checkpoints

/// Dictionaries in dictionaries, as trainers nest them and as nobody would.
@Suite struct NestedContentsTests {
  /// A dictionary in so many others, each under the key "a", around one tensor.
  private static func nested(_ depth: Int) -> [UInt8] {
    var object = PickleBytes([0x80, 2])
    for _ in 0..<depth { object = object.op("}").text("a") }
    object = object.op("}").text("w").tensor(count: 1, shape: [1], strides: [1]).op("s")
    for _ in 0..<depth { object = object.op("s") }
    return PickleBytes.legacy(object.op(".").bytes, elements: [3])
  }

  @Test(arguments: [0, 1, 4, 8])
  func aTensorIsFoundInAnyDictionary(depth: Int) throws {
    let contents = try CheckpointContents(ByteSource(copying: Self.nested(depth), path: "test"))
    #expect(contents.dictionaries.map(\.names) == [["w"]])
    #expect(contents.dictionaries[0].key == [String](repeating: "a", count: depth).joined(separator: "."))
    let entries = try contents.entries(of: contents.dictionaries[0])
    #expect(try entries[0].tensor().elements == [3])
  }

  @Test func depthIsBounded() {
    for depth in [9, 300, 2000] { #expect(failure(Self.nested(depth))?.kind == "noTensors") }
  }

  /// A dictionary that holds itself under two keys, and a list of itself.
  @Test func cyclesEnd() throws {
    let object = PickleBytes([0x80, 2]).op("}").raw([0x71, 0]).text("w")
      .tensor(count: 1, shape: [1], strides: [1]).op("s")
      .text("self").raw([0x68, 0]).op("s").text("list").op("]").raw([0x68, 0]).op("a").op("s").op(".")
    let bytes = PickleBytes.legacy(object.bytes, elements: [3])
    let contents = try CheckpointContents(ByteSource(copying: bytes, path: "test"))
    #expect(contents.dictionaries.map(\.key) == [""])
    #expect(contents.company.map(\.key) == ["self", "list"])
  }

  /// A hundred thousand dictionaries beside the weights cost a bounded look at each.
  @Test func containersAreBounded() throws {
    var object = PickleBytes([0x80, 2]).op("}").text("w").tensor(count: 1, shape: [1], strides: [1]).op("s")
    object = object.text("many").op("]").op("(")
    object = object.raw([UInt8](repeating: 0x7d, count: 90_000)).op("e").op("s").op(".")
    let checkpoint = try Checkpoint(bytes: PickleBytes.legacy(object.bytes, elements: [3]), path: "test")
    #expect(checkpoint.map(\.name) == ["w"])
  }

  /// Names that are nothing but dots cost no more than others.
  @Test func namesOfDotsAreBounded() throws {
    let dots = String(repeating: ".0.", count: 120)
    var object = PickleBytes([0x80, 2]).op("}").op("(")
    for number in 0..<500 {
      object = object.text("\(number)\(dots)weight").tensor(count: 1, shape: [1], strides: [1])
    }
    let checkpoint = try Checkpoint(
      bytes: PickleBytes.legacy(object.op("u").op(".").bytes, elements: [3]), path: "test")
    #expect(checkpoint.count == 500)
    #expect(try checkpoint.withCanonicalNames().count == 500)
  }
}
