extension PickleInterpreter {
  /// Bytes of the longest integer that is read; the format allows two gigabytes.
  static let maximumIntegerLength = 255
  /// Bytes of the longest class or module name.
  static let maximumGlobalLength = 255

  mutating func pushLong(count: Int) throws(CheckpointError) {
    guard count <= Self.maximumIntegerLength else {
      throw .limitExceeded(
        path: reader.path, part: "a number in \(reader.part)", limit: "\(Self.maximumIntegerLength) bytes")
    }
    let bytes = try reader.take(count)
    guard count <= 8 else {
      stack.append(.longInteger(Array(bytes)))
      return
    }
    let isNegative = (bytes.last ?? 0) >= 0x80
    let value = bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    stack.append(.integer(value))
  }

  mutating func pushText(count: Int) throws(CheckpointError) {
    guard let text = String(validating: try reader.take(count), as: UTF8.self) else {
      throw reader.malformed("text is not UTF-8")
    }
    stack.append(.text(text))
  }

  /// A string of Python 2, which has one type for text and data: data if it is longer than any name, else text in
  /// UTF-8 if it can be, else in Latin-1.
  mutating func pushOldText(count: Int) throws(CheckpointError) {
    guard count <= PickledTree.maximumNameLength else { return try pushBytes(count: count) }
    let bytes = try reader.take(count)
    if let text = String(validating: bytes, as: UTF8.self) {
      stack.append(.text(text))
    } else {
      stack.append(.text(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))))
    }
  }

  mutating func pushBytes(count: Int) throws(CheckpointError) {
    let start = reader.position
    _ = try reader.take(count)
    stack.append(.bytes(start..<reader.position))
  }

  mutating func pushTuple(_ values: [Pickle.Value]) {
    stack.append(.tuple(pickle.sequences.count))
    pickle.sequences.append(values)
  }

  mutating func pushTuple(count: Int) throws(CheckpointError) {
    var values: [Pickle.Value] = []
    for _ in 0..<count { values.append(try pop()) }
    pushTuple(values.reversed())
  }

  mutating func pushDictionary(_ pairs: [(key: Pickle.Value, value: Pickle.Value)]) {
    stack.append(.dictionary(pickle.dictionaries.count))
    pickle.dictionaries.append(pairs)
  }

  /// Appends to the list on top of the stack.
  mutating func append(_ values: [Pickle.Value]) throws(CheckpointError) {
    switch stack.last {
    case .list(let list): pickle.sequences[list] += values
    case .placeholder: break
    default: throw reader.malformed("a list is missing")
    }
  }

  /// Assigns keys and values, which take turns in `items`, to the dictionary on top of the stack.
  mutating func assign(_ items: [Pickle.Value]) throws(CheckpointError) {
    let dictionary: Int
    switch stack.last {
    case .dictionary(let found): dictionary = found
    case .placeholder(let placeholder): dictionary = self.dictionary(of: placeholder)
    default: throw reader.malformed("a dictionary is missing")
    }
    guard items.count.isMultiple(of: 2) else { throw reader.malformed("a dictionary is missing") }
    for position in stride(from: 0, to: items.count, by: 2) {
      pickle.dictionaries[dictionary].append((items[position], items[position + 1]))
    }
  }

  /// One line of text, as protocol 0 writes names.
  mutating func line() throws(CheckpointError) -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try reader.byte()
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      guard bytes.count < Self.maximumGlobalLength else {
        throw .limitExceeded(
          path: reader.path, part: "a name in \(reader.part)", limit: "\(Self.maximumGlobalLength) bytes")
      }
      bytes.append(byte)
    }
  }

  mutating func pushGlobal(module: String, name: String) throws(CheckpointError) {
    if let global = PickleGlobal(module: module, name: name, in: vocabulary) {
      stack.append(.global(global))
    } else if vocabulary == .weights {
      guard module.utf8.count + name.utf8.count <= Self.maximumGlobalLength else {
        throw .limitExceeded(
          path: reader.path, part: "a name in \(reader.part)", limit: "\(Self.maximumGlobalLength) bytes")
      }
      pushPlaceholder(Pickle.Placeholder(name: "\(module).\(name)"))
    } else {
      throw .forbidden(path: reader.path, name: "\(module).\(name)")
    }
  }
}
