/// Rebuilds what a pickle describes: what `PickleGlobal` knows, and placeholders for everything else that stands beside saved
/// weights. Nothing is ever imported or called.
///
/// Pickle is a program for a stack machine (Python, `Lib/pickletools.py`). This one knows the operations that
/// Python's protocols 2 to 5 need for saved weights and arrays. Work and memory are bounded by the pickle's length: each step
/// consumes at least a byte and makes at most one value, strings must be in the file, and both steps and copies are
/// limited.
struct PickleInterpreter {
  /// Some 30 steps make a tensor of a state dictionary, so this is far beyond every real file.
  static let maximumSteps = 2_000_000
  /// Containers open at a time; real ones nest a handful.
  static let maximumMarks = 1000
  /// Values on the stack; Python writes containers in batches of a thousand.
  static let maximumStack = 100_000

  var reader: ByteReader
  var pickle = Pickle()
  var stack: [Pickle.Value] = []
  private var marks: [Int] = []
  private var memo: [UInt32: Pickle.Value] = [:]
  private var steps = 0
  private var copies = 0

  let vocabulary: PickleGlobal.Vocabulary

  private init(_ reader: ByteReader, _ vocabulary: PickleGlobal.Vocabulary) {
    self.reader = reader
    self.vocabulary = vocabulary
  }

  /// Interprets one pickle and leaves the reader behind it.
  static func load(
    _ reader: inout ByteReader, naming vocabulary: PickleGlobal.Vocabulary = .weights
  ) throws(CheckpointError) -> Pickle {
    var interpreter = PickleInterpreter(reader, vocabulary)
    try interpreter.run()
    reader = interpreter.reader
    return interpreter.pickle
  }

  private mutating func run() throws(CheckpointError) {
    while true {
      steps += 1
      guard steps <= Self.maximumSteps else { throw exceeded("\(Self.maximumSteps) steps") }
      guard stack.count <= Self.maximumStack else { throw exceeded("\(Self.maximumStack) open values") }
      let offset = reader.position
      let code = try reader.byte()
      guard let operation = PickleOperation(rawValue: code) else {
        throw .unsupportedOperation(path: reader.path, code: code, offset: offset)
      }
      if operation == .stop { break }
      try perform(operation)
    }
    pickle.root = try pop()
  }

  private mutating func perform(_ operation: PickleOperation) throws(CheckpointError) {
    switch operation {
    case .stop: break
    case .protocolVersion:
      guard try reader.byte() <= 5 else { throw reader.malformed("a pickle protocol beyond 5") }
    case .frame: _ = try reader.length()
    case .mark:
      guard marks.count < Self.maximumMarks else { throw exceeded("\(Self.maximumMarks) nested containers") }
      marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()

    case .none: stack.append(.none)
    case .newTrue: stack.append(.boolean(true))
    case .newFalse: stack.append(.boolean(false))
    case .int4: stack.append(.integer(Int(try reader.integer(Int32.self))))
    case .int1: stack.append(.integer(Int(try reader.integer(UInt8.self))))
    case .int2: stack.append(.integer(Int(try reader.integer(UInt16.self))))
    case .long1: try pushLong(count: Int(try reader.byte()))
    case .long4: try pushLong(count: Int(try reader.integer(Int32.self)))
    case .float: stack.append(.float(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))

    case .text1: try pushText(count: Int(try reader.byte()))
    case .text4: try pushText(count: Int(try reader.integer(UInt32.self)))
    case .text8: try pushText(count: try reader.length())
    case .oldText1: try pushOldText(count: Int(try reader.byte()))
    case .oldText4: try pushOldText(count: Int(try reader.integer(Int32.self)))
    case .bytes1: try pushBytes(count: Int(try reader.byte()))
    case .bytes4: try pushBytes(count: Int(try reader.integer(UInt32.self)))
    case .bytes8: try pushBytes(count: try reader.length())

    case .emptyTuple: pushTuple([])
    case .tuple1: try pushTuple(count: 1)
    case .tuple2: try pushTuple(count: 2)
    case .tuple3: try pushTuple(count: 3)
    case .tuple: pushTuple(try popToMark())
    case .emptyList, .emptySet:
      stack.append(.list(pickle.sequences.count))
      pickle.sequences.append([])
    case .append: try append([try pop()])
    case .appends, .addItems: try append(try popToMark())
    case .emptyDictionary: pushDictionary([])
    case .setItem:
      let value = try pop()
      try assign([try pop(), value])
    case .setItems: try assign(try popToMark())

    case .put1: try memorise(UInt32(try reader.byte()))
    case .put4: try memorise(try reader.integer(UInt32.self))
    case .memoise: try memorise(UInt32(memo.count))
    case .get1: try recall(UInt32(try reader.byte()))
    case .get4: try recall(try reader.integer(UInt32.self))

    case .global: try pushGlobal(module: try line(), name: try line())
    case .stackGlobal:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw reader.malformed("a class without a name")
      }
      try pushGlobal(module: module, name: name)
    case .reduce, .newObject: try reduce()
    case .newObjectWithKeywords:
      _ = try pop()
      try reduce()
    case .duplicate:
      let value = try pop()
      stack += [value, value]
    case .frozenSet:
      stack.append(.list(pickle.sequences.count))
      pickle.sequences.append(try popToMark())
    case .byteArray: try pushBytes(count: try reader.length())
    case .build: try build()
    case .persistentID: try pushStorage()
    }
  }

  /// An error for a limit that the pickle exceeds.
  private func exceeded(_ limit: String) -> CheckpointError {
    .limitExceeded(path: reader.path, part: reader.part, limit: limit)
  }
}

extension PickleInterpreter {
  /// The topmost value. Those below the last mark belong to a container that is still open.
  mutating func pop() throws(CheckpointError) -> Pickle.Value {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw reader.malformed("a value is missing")
    }
    return value
  }

  private mutating func popToMark() throws(CheckpointError) -> [Pickle.Value] {
    guard let mark = marks.popLast() else { throw reader.malformed("the start of a container is missing") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  /// Counts values that are copied from one container to another. Python saves each value once, in at least a byte
  /// of its own; only a bomb copies more.
  mutating func spend(copying count: Int) throws(CheckpointError) {
    copies += count
    guard copies <= reader.bytes.count else { throw exceeded("\(reader.bytes.count) copied values") }
  }

  private mutating func memorise(_ key: UInt32) throws(CheckpointError) {
    guard let value = stack.last else { throw reader.malformed("a value is missing") }
    memo[key] = value
  }

  private mutating func recall(_ key: UInt32) throws(CheckpointError) {
    guard let value = memo[key] else { throw reader.malformed("a value is used before it is made") }
    stack.append(value)
  }
}
