/// Writes pickles by hand, also such as Python would not write.
struct PickleBytes {
  var bytes: [UInt8] = []

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }

  func op(_ code: Character) -> PickleBytes { PickleBytes(bytes + (code.asciiValue.map { [$0] } ?? [])) }
  func raw(_ more: [UInt8]) -> PickleBytes { PickleBytes(bytes + more) }
  func text(_ text: String) -> PickleBytes {
    op("X").raw(Self.little(UInt32(text.utf8.count)) + Array(text.utf8))
  }
  func int(_ value: Int32) -> PickleBytes { op("J").raw(Self.little(value)) }
  func long(_ value: Int64) -> PickleBytes { raw([0x8a, 8] + Self.little(value)) }
  func global(_ module: String, _ name: String) -> PickleBytes { raw(Array("c\(module)\n\(name)\n".utf8)) }
  func tuple(_ values: [Int64]) -> PickleBytes {
    values.reduce(op("(")) { $0.long($1) }.op("t")
  }

  /// A persistent reference to the storage "0" of floats.
  func storage(count: Int64, view: [Int64]? = nil) -> PickleBytes {
    let head = op("(").text("storage").global("torch", "FloatStorage").text("0").text("cpu").long(count)
    guard let view else { return head.op("N").op("t").op("Q") }
    let part = view.reduce(head.op("(").text("v")) { $0.long($1) }.op("t")
    return part.op("t").op("Q")
  }

  func tensor(
    count: Int64, offset: Int64 = 0, shape: [Int64], strides: [Int64], view: [Int64]? = nil
  ) -> PickleBytes {
    global("torch._utils", "_rebuild_tensor").op("(").storage(count: count, view: view).long(offset)
      .tuple(shape).tuple(strides).op("t").op("R")
  }

  /// `{"w": …}` around what `body` writes.
  static func dictionary(_ body: (PickleBytes) -> PickleBytes) -> [UInt8] {
    body(PickleBytes([0x80, 2]).op("}").text("w")).op("s").op(".").bytes
  }

  /// A legacy file around an object's pickle, with one storage "0" of floats, or none if nil.
  static func legacy(_ object: [UInt8], elements: [Float]? = nil, littleEndian: Bool = true) -> [UInt8] {
    let magic: [UInt8] = [
      0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
    ]
    let version = PickleBytes([0x80, 2]).int(1001).op(".").bytes
    let system = PickleBytes([0x80, 2]).op("}").text("little_endian").raw([littleEndian ? 0x88 : 0x89])
      .op("s").op(".").bytes
    let start = magic + version + system + object
    guard let elements else { return start + PickleBytes([0x80, 2]).op("]").op(".").bytes }
    let keys = PickleBytes([0x80, 2]).op("]").op("(").text("0").op("e").op(".").bytes
    let data = little(Int64(elements.count)) + elements.flatMap { little($0.bitPattern) }
    return start + keys + data
  }
}
