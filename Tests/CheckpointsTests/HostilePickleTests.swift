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
  func whatHoldsNoWeightsIsNamed(module: String, name: String) {
    let call = Self.start().global(module, name).op("(").text("true").op("t").op("R").op(".")
    let expected = CheckpointError.forbidden(path: "test", name: "\(module).\(name)")
    #expect(failure(Self.legacy(call)) == expected)
    let short = { (text: String) in [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }
    let stackGlobal = Self.start().raw(short(module) + short(name) + [0x93]).op(".")
    #expect(failure(Self.legacy(stackGlobal)) == expected)
    let archive = ZipBytes.archive([.init(name: "a/data.pkl", content: call.bytes)])
    #expect(failure(archive) == expected)
    #expect(failure(archive)?.description == "test: names \(module).\(name), which edviz does not execute")
    // Where only numbers stand it is no file of PyTorch's.
    #expect(failure(call.bytes)?.kind == "unknownFormat")
  }

  /// Placeholders take whatever is done to them, and give nothing: nested calls of calls, items and attributes of their own,
  /// references to themselves, storages of unknown classes, state by hand.
  @Test func placeholdersAreInert() throws {
    func file(_ beside: PickleBytes) throws -> Checkpoint {
      let object = Self.start().op("}").op("(").text("x").raw(beside.bytes).text("w")
        .tensor(count: 1, shape: [1], strides: [1]).op("u").op(".")
      return try Checkpoint(bytes: PickleBytes.legacy(object.bytes, elements: [7]), path: "test")
    }
    let system = PickleBytes().global("posix", "system")
    let called = system.op("(").text("true").op("t").op("R")
    let cases: [PickleBytes] = [
      system, called,
      // The result of a call is called, ten thousand times.
      PickleBytes(system.bytes + (0..<10_000).flatMap { _ in [0x29, 0x52] as [UInt8] }),
      // NEWOBJ, NEWOBJ_EX, BUILD with `__setstate__`'s argument, items, members of a list and of a set.
      system.op(")").raw([0x81]), system.op(")").op("}").raw([0x92]), called.text("state").op("b"),
      called.text("key").text("value").op("s"), called.op("(").text("a").op("e"),
      // It holds itself, by item and by attribute.
      called.raw([0x71, 5]).text("self").raw([0x68, 5]).op("s"),
      called.raw([0x71, 5]).op("}").text("_modules").raw([0x68, 5]).op("s").op("b"),
      // A million arguments are forgotten.
      PickleBytes(system.op("(").bytes + [UInt8](repeating: 0x4e, count: 90_000) + [0x74, 0x52]),
      // Python's own ways around: `getattr`, `__reduce_ex__`, `copyreg._reconstructor`.
      PickleBytes().global("builtins", "getattr").op("(").raw(system.bytes).text("__globals__").op("t").op(
        "R"),
      PickleBytes().global("copyreg", "_reconstructor").op("(").raw(system.bytes).op("N").op("N").op("t").op(
        "R"),
      // A storage of an unknown class.
      PickleBytes().op("(").text("storage").raw(system.bytes).text("0").text("cpu").long(1).op("t").op("Q"),
    ]
    for beside in cases {
      let checkpoint = try file(beside)
      #expect(checkpoint.map(\.name) == ["w"])
      #expect(try checkpoint["w"]?.tensor().elements == [7])
    }
    // Persistent identifiers of other kinds stay errors: what they mean is not known.
    for identifier in [PickleBytes().text("module"), called, PickleBytes().tuple([1, 2])] {
      #expect(failure(Self.legacy(Self.start().raw(identifier.bytes).op("Q").op(".")))?.kind == "malformed")
    }
    // A million names, and one that is too long.
    let names = (0..<300_000).flatMap { _ in Array("ca\nb\n0".utf8) }
    #expect(failure(Self.legacy(Self.start().raw(names).op("}").op(".")))?.kind == "noTensors")
    let long = String(repeating: "n", count: 300)
    let stackGlobal = Self.start().text("os").text(long).raw([0x93]).op(".")
    #expect(failure(Self.legacy(stackGlobal))?.kind == "limitExceeded")
  }

  /// Tensors that need a placeholder are errors, wherever in them it stands.
  @Test func tensorsOfPlaceholdersAreNamed() {
    let storage = PickleBytes().op("(").text("storage").global("torch", "QInt8Storage").text("0").text("cpu")
      .long(1)
      .op("t").op("Q")
    let cases = [
      (
        PickleBytes().global("torch._utils", "_rebuild_tensor").op("(").raw(storage.bytes).long(0).tuple([1])
          .tuple([1]).op("t").op("R"), "quantised (torch.QInt8Storage)"
      ),
      (
        PickleBytes().global("torch._utils", "_rebuild_parameter").op("(").global("a", "B").op(")").op("R")
          .op("t")
          .op("R"), "a.B"
      ),
      (
        PickleBytes().global("torch._tensor", "_rebuild_from_type_v2").op("(").global("a", "make").global(
          "a", "T"
        )
        .op(")").op("}").op("t").op("R"), "a.make"
      ),
    ]
    for (tensor, kind) in cases {
      let object = PickleBytes.dictionary { $0.raw(tensor.bytes) }
      let error = failure(PickleBytes.legacy(object, elements: nil))
      #expect(
        error?.description == "test: its tensor w is of a kind that edviz does not read: \(kind)",
        "\(error?.description ?? "")")
    }
  }

  /// Repetitions are bounded over all tensors of a file together.
  @Test func expandedTensorsAreBounded() {
    let many = (0..<20).reduce(Self.start().op("}").op("(")) { made, number in
      made.text("w\(number)").tensor(count: 1, shape: [1 << 20], strides: [0])
    }
    #expect(failure(PickleBytes.legacy(many.op("u").op(".").bytes, elements: [1]))?.kind == "outOfBounds")
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
      ("outOfBounds", 0, [1 << 40], [0]), ("outOfBounds", 0, [1 << 25], [0]),
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
