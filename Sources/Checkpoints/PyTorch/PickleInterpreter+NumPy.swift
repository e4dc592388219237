/// NumPy's arrays among saved weights. What is not read stays something beside them, and no error.
extension PickleInterpreter {
  /// What calling one of NumPy's names gives, if it is known: an array without its content, a whole one, or a type.
  mutating func makeArray(_ name: String, _ arguments: [Pickle.Value]) throws(CheckpointError) -> Bool {
    switch name {
    case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct":
      stack.append(.array(pickle.arrays.count))
      pickle.arrays.append(Pickle.Array(shape: [], content: .none))
    case "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer":
      // content, type, shape, order
      guard arguments.count >= 3 else { return false }
      stack.append(.array(pickle.arrays.count))
      pickle.arrays.append(Pickle.Array(shape: [], content: .none))
      if case .text("F")? = arguments.dropFirst(3).first { return true }
      try complete(
        pickle.arrays.count - 1, shape: arguments[2], type: arguments[1], isFortran: false, arguments[0])
    case "numpy.dtype":
      guard case .text(let code)? = arguments.first, let type = Self.elementTypes[code] else { return false }
      pushPlaceholder(Pickle.Placeholder(name: name, elementType: type))
    case "_codecs.encode":
      guard arguments.count == 2, case .text = arguments[0], case .text("latin1") = arguments[1] else {
        return false
      }
      try pushEncoded(arguments)
    default: return false
    }
    return true
  }

  /// The state of an array: version, shape, type, whether its columns come first, content.
  mutating func complete(_ array: Int, with state: Pickle.Value) throws(CheckpointError) {
    guard case .tuple(let tuple) = state, pickle.sequences[tuple].count == 5 else { return }
    let parts = pickle.sequences[tuple]
    let isFortran =
      switch parts[3] {
      case .boolean(false), .integer(0): false
      default: true
      }
    try complete(array, shape: parts[1], type: parts[2], isFortran: isFortran, parts[4])
  }

  private mutating func complete(
    _ array: Int, shape: Pickle.Value, type: Pickle.Value, isFortran: Bool, _ content: Pickle.Value
  ) throws(CheckpointError) {
    guard case .tuple(let dimensions) = shape, let shape = pickle.integers(dimensions),
      shape.count <= TensorExtent.maximumRank, case .placeholder(let type) = type,
      let type = pickle.placeholders[type].elementType,
      let count = TensorExtent.count(shape, elementSize: type.byteCount),
      let content = try bytes(content, count: count * type.byteCount)
    else { return }
    var strides: [Int]?
    if isFortran, shape.count > 1 {
      var step = 1
      strides = shape.map { dimension in
        defer { step *= max(1, dimension) }
        return step
      }
    }
    pickle.arrays[array] = Pickle.Array(shape: shape, content: content, type: type, strides: strides)
  }

  /// Content of a length; a short string of Python 2 was taken for text, in UTF-8 where it could be and else in Latin-1.
  private mutating func bytes(_ value: Pickle.Value, count: Int) throws(CheckpointError) -> Pickle.Value? {
    switch value {
    case .bytes(let range): return range.count == count ? value : nil
    case .buffer(let buffer): return pickle.buffers[buffer].count == count ? value : nil
    case .text(let text):
      try spend(copying: text.utf8.count)
      var bytes = Array(text.utf8)
      if bytes.count != count { bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) } }
      guard bytes.count == count else { return nil }
      pickle.buffers.append(bytes)
      return .buffer(pickle.buffers.count - 1)
    default: return nil
    }
  }

  /// The state of a type: version, byte order, and what plays no part here.
  mutating func noteByteOrder(_ state: Pickle.Value, of placeholder: Int) {
    guard case .tuple(let tuple) = state, pickle.sequences[tuple].count > 1,
      case .text(let order) = pickle.sequences[tuple][1], order != ">"
    else {
      pickle.placeholders[placeholder].elementType = nil
      return
    }
  }

  private static let elementTypes: [String: ElementType] = [
    "f2": .f16, "f4": .f32, "f8": .f64, "i1": .i8, "i2": .i16, "i4": .i32, "i8": .i64, "u1": .u8, "u2": .u16,
    "u4": .u32, "u8": .u64, "b1": .bool,
  ]
}
