import Testing

@testable import Checkpoints

/// Headers that lie.
@Suite struct HostileSafetensorsTests {
  private static func file(_ json: String, data: Int = 0) -> [UInt8] {
    PickleBytes.little(UInt64(json.utf8.count)) + Array(json.utf8) + [UInt8](repeating: 0, count: data)
  }

  private static func item(
    _ name: String, _ begin: Int, _ end: Int, shape: String = "[1]", type: String = "F32"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
  }

  private static let cases: [(kind: String, json: String, data: Int)] = [
    ("overlap", "{\(item("a", 0, 4)),\(item("b", 2, 6))}", 8),
    ("overlap", "{\(item("a", 0, 4)),\(item("b", 0, 4))}", 4),
    ("hole", "{\(item("a", 0, 4)),\(item("b", 8, 12))}", 12),
    ("hole", "{\(item("a", 4, 8))}", 8),
    ("hole", "{\(item("a", 0, 4))}", 5),
    ("hole", "{}", 1),
    ("truncated", "{\(item("a", 0, 4))}", 3),
    ("wrongSize", "{\(item("a", 0, 8))}", 8),
    ("wrongSize", "{\(item("a", 0, 4, shape: "[0]"))}", 4),
    ("outOfBounds", "{\(item("a", 4, 0))}", 4),
    ("impossibleShape", "{\(item("a", 0, 0, shape: "[4611686018427387904,8]"))}", 0),
    ("impossibleShape", "{\(item("a", 0, 4, shape: "[4611686018427387904]"))}", 4),
    ("impossibleShape", "{\(item("a", 0, 0, shape: "[0,4611686018427387904,8]"))}", 0),
    ("impossibleShape", "{\(item("a", 0, 0, shape: "[9223372036854775807,9223372036854775807]"))}", 0),
    ("malformed", "{\(item("a", 0, 4, shape: "[9223372036854775808]"))}", 4),
    ("malformed", "{\(item("a", 0, 4, shape: "[-1]"))}", 4),
    ("malformed", "{\(item("a", 0, 4, shape: "[1.0]"))}", 4),
    ("malformed", "{\(item("a", 0, 4, shape: "[01]"))}", 4),
    ("malformed", "{\(item("a", 0, 4, shape: "[1,]"))}", 4),
    ("malformed", "{\(item("a", 0, 4, shape: "null"))}", 4),
    (
      "limitExceeded",
      "{\(item("a", 0, 4, shape: "[\(Array(repeating: "1", count: 17).joined(separator: ","))]"))}", 4
    ),
    ("unknownType", "{\(item("a", 0, 4, type: "Q7"))}", 4),
    ("duplicateName", "{\(item("a", 0, 4)),\(item("a", 4, 8))}", 8),
    ("duplicateName", "{\(item("a", 0, 4)),\(item("\\u0061", 4, 8))}", 8),
    ("duplicateName", #"{"__metadata__":{"a":"1","a":"2"}}"#, 0),
    ("duplicateName", #"{"__metadata__":{},"__metadata__":{}}"#, 0),
    ("malformed", #"{"__metadata__":{"a":1}}"#, 0),
    ("malformed", #"{"__metadata__":{"a":{"b":"c"}}}"#, 0),
    ("malformed", #"{"a":{"dtype":"F32","shape":[1]}}"#, 4),
    ("malformed", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4),
    ("malformed", #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    ("malformed", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":0}}"#, 4),
    ("malformed", "{\(item("a", 0, 4))} x", 4),
    ("malformed", "{\(item("a", 0, 4)),}", 4),
    ("malformed", "{\"a\u{1}\":1}", 0),
    ("malformed", #"{"\ud800":{}}"#, 0),
    ("malformed", #"{"\ud800\u0041":{}}"#, 0),
    ("malformed", #"{"\x":{}}"#, 0),
    ("malformed", #"{"\u12"#, 0),
    ("truncated", #"{"a"#, 0),
    ("truncated", #"{"a\"#, 0),
  ]

  @Test(arguments: cases) func liesAreNamed(kind: String, json: String, data: Int) {
    #expect(failure(Self.file(json, data: data))?.kind == kind)
  }

  @Test func headerLengthsAreChecked() {
    let brace = Array("{}".utf8)
    #expect(failure(PickleBytes.little(UInt64(3)) + brace)?.kind == "truncated")
    #expect(failure(PickleBytes.little(UInt64(100_000_000)) + brace)?.kind == "truncated")
    #expect(failure(PickleBytes.little(UInt64(100_000_001)) + brace)?.kind == "limitExceeded")
    #expect(failure(PickleBytes.little(UInt64.max) + brace)?.kind == "limitExceeded")
    #expect(failure(PickleBytes.little(UInt64(0)) + brace)?.kind == "malformed")
  }

  @Test func deepNestingCostsNoStack() {
    let depth = 1_000_000
    #expect(failure(Self.file(String(repeating: "{\"a\":", count: depth)))?.kind == "malformed")
    let arrays = String(repeating: "[", count: depth)
    #expect(failure(Self.file("{\"a\":{\"shape\":" + arrays))?.kind == "malformed")
    #expect(failure(Self.file("{\"a\":" + arrays))?.kind == "malformed")
  }

  @Test func textMustBeUTF8() {
    var bytes = Self.file("{\"a\":1}")
    bytes[10] = 0xff
    #expect(failure(bytes)?.kind == "malformed")
  }

  @Test func escapesAreUnderstood() throws {
    let checkpoint = try open(Self.file(#"{"__metadata__":{"\u00fc\ud83d\ude00\/\b":"\t\f\r"}} "#))
    #expect(checkpoint.metadata == ["ü😀/\u{8}": "\t\u{c}\r"])
    #expect(checkpoint.isEmpty)
  }

  @Test func unreadableTypesAreEntriesAllTheSame() throws {
    let checkpoint = try open(Self.file("{\(Self.item("a", 0, 8, type: "C64"))}", data: 8))
    #expect(checkpoint["a"]?.shape == [1])
    #expect(throws: CheckpointError.unsupportedType(path: "test", tensor: "a", type: .c64)) {
      try checkpoint["a"]?.tensor()
    }
  }
}
