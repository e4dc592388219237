import Testing

@testable import Checkpoints

/// Pickles that want to run something, or to cost memory or time.
@Suite struct HostilePickleTests {
  private static func start() -> PickleBytes { PickleBytes([0x80, 2]) }

  private static func legacy(_ object: PickleBytes) -> [UInt8] { PickleBytes.legacy(object.bytes) }

  private static func tensorFile(
    count: Int64 = 4, elements: Int = 4, offset: Int64 = 0, shape: [Int64], strides: [Int64],
    view: [Int64]? = nil
  ) -> [UInt8] {
    let object = PickleBytes.dictionary {
      $0.tensor(count: count, offset: offset, shape: shape, strides: strides, view: view)
    }
    return PickleBytes.legacy(object, elements: [Float](repeating: 1, count: elements))
  }

  @Test(
    arguments: [
      ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("__builtin__", "eval"), ("nt", "system"),
      ("subprocess", "Popen"), ("torch", "load"), ("torch.hub", "load"), ("collections", "Counter"),
      ("torch.storage", "_load_from_bytes"), ("torch.cuda", "float32"), ("numpy.core.multiarray", "scalar"),
    ])
  func classesOutsideTheListAreNamed(module: String, name: String) {
    let call = Self.start().global(module, name).op("(").text("true").op("t").op("R").op(".")
    let expected = CheckpointError.forbidden(path: "test", name: "\(module).\(name)")
    #expect(failure(Self.legacy(call)) == expected)
    let short = { (text: String) in [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }
    let stackGlobal = Self.start().raw(short(module) + short(name) + [0x93]).op(".")
    #expect(failure(Self.legacy(stackGlobal)) == expected)
    let archive = ZipBytes.archive([.init(name: "a/data.pkl", content: call.bytes)])
    #expect(failure(archive) == expected)
    // Also in the pickles before and after the object.
    #expect(failure(call.bytes) == expected)
    #expect(failure(call.bytes)?.description == "test: names \(module).\(name), which edviz does not execute")
  }

  /// INST, OBJ, EXT1, PERSID, protocol 0's strings, and bytes that are no operation.
  @Test(arguments: [0x69, 0x6f, 0x82, 0x50, 0x56, 0x53, 0x49, 0x00, 0xff] as [UInt8])
  func otherOperationsAreRefused(code: UInt8) {
    #expect(failure(Self.legacy(Self.start().raw([code]).op(".")))?.kind == "unsupportedOperation")
  }

  @Test func lengthsBeyondTheFileAllocateNothing() {
    let huge: [[UInt8]] = [
      [0x58] + PickleBytes.little(UInt32.max), [0x8d] + PickleBytes.little(UInt64.max),
      [0x8d] + PickleBytes.little(UInt64(1) << 62), [0x42] + PickleBytes.little(UInt32.max),
      [0x8e] + PickleBytes.little(UInt64.max), [0x54] + PickleBytes.little(Int32.max),
      [0x54] + PickleBytes.little(Int32.min), [0x8a, 200], [0x8b] + PickleBytes.little(Int32.min),
    ]
    for bytes in huge {
      #expect(failure(Self.legacy(Self.start().raw(bytes)))?.kind == "truncated", "\(bytes)")
    }
    let giant = [0x8b] + PickleBytes.little(Int32.max)
    #expect(failure(Self.legacy(Self.start().raw(giant)))?.kind == "limitExceeded")
    let frame = [0x95] + PickleBytes.little(UInt64.max)
    #expect(failure(Self.legacy(Self.start().raw(frame)))?.kind == "truncated")
    let line = Self.start().op("c").raw([UInt8](repeating: 0x61, count: 1000))
    #expect(failure(Self.legacy(line))?.kind == "limitExceeded")
  }

  @Test func deepContainersCostNoStack() {
    let count = 900_000
    let tuples = Self.start().op("N").raw([UInt8](repeating: 0x85, count: count)).op(".")
    #expect(failure(Self.legacy(tuples))?.kind == "noTensors")
    let marks = Self.start().raw([UInt8](repeating: 0x28, count: count))
    #expect(failure(Self.legacy(marks))?.kind == "limitExceeded")
    let values = Self.start().raw([UInt8](repeating: 0x4e, count: count))
    #expect(failure(Self.legacy(values))?.kind == "limitExceeded")
    // Each list into the one before it, so that the outermost is the deepest.
    let link: [UInt8] = [0x5d, 0x71, 1, 0x61, 0x68, 1]
    let lists = Self.start().op("]").raw((0..<90_000).flatMap { _ in link }).op(".")
    #expect(failure(Self.legacy(lists))?.kind == "noTensors")
  }

  @Test func bombsAreBounded() {
    // Pairs of pairs of pairs: 2^200000 elements if written out.
    let pair: [UInt8] = [0x71, 0, 0x68, 0, 0x86]
    let doubled = Self.start().op("N").raw((0..<200_000).flatMap { _ in pair }).op(".")
    #expect(failure(Self.legacy(doubled))?.kind == "noTensors")
    let sparse = Self.start().op("N").raw([0x72, 0xff, 0xff, 0xff, 0xff]).op(".")
    #expect(failure(Self.legacy(sparse))?.kind == "noTensors")
    // One long key, assigned again and again.
    let key = Self.start().op("}").text(String(repeating: "k", count: 1_000_000)).raw([0x71, 0]).op("N").op(
      "s")
    let again = key.raw((0..<200_000).flatMap { _ in [0x68, 0, 0x4e, 0x73] as [UInt8] }).op(".")
    #expect(failure(Self.legacy(again))?.kind == "noTensors")
    let endless = Self.start().raw((0..<1_100_000).flatMap { _ in [0x4e, 0x30] as [UInt8] })
    #expect(failure(Self.legacy(endless))?.kind == "limitExceeded")
    // A dictionary inside itself.
    let cycle = Self.start().op("}").raw([0x71, 0]).text("model").raw([0x68, 0]).op("s").op(".")
    #expect(failure(Self.legacy(cycle))?.kind == "noTensors")
  }

  /// A list of pairs that is made into a dictionary again and again, and a storage under a giant key.
  @Test func copiesAreBounded() {
    let pairs = Self.start().op("]").raw([0x71, 0, 0x28]).op("N").op("N").raw([0x86, 0x71, 1])
      .raw((0..<20_000).flatMap { _ in [0x68, 1] as [UInt8] }).op("e")
    let dictionaries = pairs.global("collections", "OrderedDict").raw([0x71, 2, 0x30])
      .raw((0..<50_000).flatMap { _ in [0x68, 2, 0x68, 0, 0x85, 0x52, 0x30] as [UInt8] }).op(".")
    #expect(failure(Self.legacy(dictionaries))?.kind == "limitExceeded")
    let key = PickleBytes([0x80, 2]).op("(").text("storage").global("torch", "FloatStorage")
      .text(String(repeating: "k", count: 256)).text("cpu").int(1).op("N").op("t").op("Q").op(".")
    #expect(failure(Self.legacy(key))?.kind == "limitExceeded")
  }

  @Test func stackErrorsAreErrors() {
    let broken: [[UInt8]] = [
      [0x2e], [0x30], [0x31], [0x74], [0x85], [0x4e, 0x86], [0x61], [0x4e, 0x61], [0x5d, 0x28, 0x61], [0x73],
      [0x7d, 0x4e, 0x73], [0x7d, 0x28, 0x4e, 0x75], [0x28, 0x75], [0x68, 9], [0x71, 9], [0x94], [0x52],
      [0x4e, 0x29, 0x52], [0x51], [0x29, 0x51], [0x4e, 0x4e, 0x62], [0x62], [0x93], [0x80, 6],
      [0x28, 0x30],
    ]
    for bytes in broken {
      #expect(failure(Self.legacy(Self.start().raw(bytes + [0x2e])))?.kind == "malformed", "\(bytes)")
    }
    let calls: [PickleBytes] = [
      .init().global("torch._utils", "_rebuild_tensor").op(")").op("R"),
      .init().global("torch._utils", "_rebuild_parameter").op(")").op("R"),
      .init().global("torch", "Size").op(")").op("R"),
      .init().global("torch", "FloatStorage").op(")").op("R"),
      .init().global("torch", "float32").op(")").op("R"),
      .init().global("collections", "OrderedDict").tuple([1]).op("R"),
      .init().storage(count: -1), .init().storage(count: 4, view: [3, 2]),
      .init().storage(count: 4, view: [-1, 2]), .init().storage(count: 4, view: [1, .max]),
      .init().storage(count: 4, view: [1]),
    ]
    for call in calls {
      #expect(failure(Self.legacy(Self.start().raw(call.bytes).op(".")))?.kind == "malformed")
    }
  }

  @Test(
    arguments: [
      ("outOfBounds", 0, [5], [1]), ("outOfBounds", 1, [4], [1]), ("outOfBounds", 4, [1], [1]),
      ("outOfBounds", -1, [1], [1]), ("outOfBounds", 3, [2], [-1]), ("outOfBounds", 0, [2, 2], [4, 1]),
      ("outOfBounds", 0, [2], [.max]), ("outOfBounds", .max, [1], [1]), ("outOfBounds", 0, [2, 2], [1]),
      ("outOfBounds", 0, [1 << 40], [0]), ("outOfBounds", 0, [5], [0]),
      ("impossibleShape", 0, [-1], [1]), ("impossibleShape", 0, [1 << 62, 8], [0, 0]),
      ("impossibleShape", 0, [1 << 62, 8, 0], [0, 0, 0]),
      ("impossibleShape", 0, [Int64](repeating: 1, count: 17), [Int64](repeating: 1, count: 17)),
    ] as [(String, Int64, [Int64], [Int64])])
  func tensorsStayWithinTheirStorage(kind: String, offset: Int64, shape: [Int64], strides: [Int64]) {
    #expect(failure(Self.tensorFile(offset: offset, shape: shape, strides: strides))?.kind == kind)
  }

  @Test func storagesAreAsLongAsSaid() throws {
    #expect(failure(Self.tensorFile(count: 5, elements: 4, shape: [4], strides: [1]))?.kind == "malformed")
    var giant = PickleBytes.legacy(
      PickleBytes.dictionary { $0.tensor(count: .max, shape: [4], strides: [1]) }, elements: [])
    giant.replaceSubrange(giant.count - 8..<giant.count, with: PickleBytes.little(Int64.max))
    #expect(failure(giant)?.kind == "truncated")
    // A view ends where it says, not where its storage does.
    #expect(failure(Self.tensorFile(shape: [3], strides: [1], view: [1, 2]))?.kind == "outOfBounds")
    let viewed = try open(Self.tensorFile(shape: [2], strides: [1], view: [1, 2]))
    #expect(try viewed["w"]?.tensor().elements == [1, 1])
  }

  @Test func oddStridesThatTouchNothingAreFine() throws {
    let one = try open(Self.tensorFile(shape: [1, 2, 1], strides: [.max, 2, .max]))
    #expect(try one["w"]?.tensor().elements == [1, 1])
    let empty = try open(Self.tensorFile(offset: 99, shape: [0, 5], strides: [7, 7]))
    #expect(try empty["w"]?.tensor().elements == [])
    let repeated = try open(Self.tensorFile(shape: [4], strides: [0]))
    #expect(try repeated["w"]?.tensor().elements == [1, 1, 1, 1])
  }

  @Test func bigEndianIsRefused() {
    let object = PickleBytes.dictionary { $0.tensor(count: 1, shape: [1], strides: [1]) }
    #expect(
      failure(PickleBytes.legacy(object, elements: [1], littleEndian: false)) == .bigEndian(path: "test"))
  }

  @Test func namesAreShort() {
    let name = String(repeating: "n", count: 1025)
    let object = Self.start().op("}").text(name).tensor(count: 1, shape: [1], strides: [1]).op("s").op(".")
    #expect(failure(PickleBytes.legacy(object.bytes, elements: [1]))?.kind == "limitExceeded")
  }
}
