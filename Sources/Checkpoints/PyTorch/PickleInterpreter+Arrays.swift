extension PickleInterpreter {
  /// `_reconstruct(ndarray, (0,), b'b')`: an array whose shape and content follow as its state.
  mutating func pushArray(_ arguments: [Pickle.Value]) throws(CheckpointError) {
    guard case .global(.array)? = arguments.first else { throw reader.malformed("an array of another class") }
    stack.append(.array(pickle.arrays.count))
    pickle.arrays.append(Pickle.Array(shape: [], content: .none))
  }

  /// `dtype('u1', …)`: bytes are the only elements that are read.
  mutating func pushArrayType(_ arguments: [Pickle.Value]) throws(CheckpointError) {
    guard case .text("u1")? = arguments.first else {
      throw reader.malformed("an array of something else than bytes")
    }
    stack.append(.byteType)
  }

  /// The state of an array: version, shape, type, whether its columns come first, content.
  mutating func fill(_ array: Int, with state: Pickle.Value) throws(CheckpointError) {
    guard case .tuple(let tuple) = state, pickle.sequences[tuple].count == 5,
      case .tuple(let dimensions) = pickle.sequences[tuple][1], case .byteType = pickle.sequences[tuple][2]
    else { throw reader.malformed("an array of wrong attributes") }
    switch pickle.sequences[tuple][3] {
    case .boolean(false), .integer(0): break
    default: throw reader.malformed("an array in Fortran's order")
    }
    let content = pickle.sequences[tuple][4]
    guard let size = byteCount(of: content), pickle.sequences[dimensions].count <= Self.maximumDimensions,
      let shape = pickle.integers(dimensions), shape.allSatisfy({ $0 >= 0 })
    else { throw reader.malformed("an array of wrong attributes") }
    var product = 1
    for dimension in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw reader.malformed("an array larger than its content") }
      product = next
    }
    guard product == size else { throw reader.malformed("an array of another size than its content") }
    pickle.arrays[array] = Pickle.Array(shape: shape, content: content)
  }

  /// `encode(text, 'latin1')`: the bytes that are the text's code points.
  mutating func pushEncoded(_ arguments: [Pickle.Value]) throws(CheckpointError) {
    guard arguments.count == 2, case .text(let text) = arguments[0], case .text("latin1") = arguments[1]
    else {
      throw reader.malformed("a byte string of wrong arguments")
    }
    try spend(copying: text.utf8.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else {
        throw reader.malformed("a byte string with a character beyond Latin-1")
      }
      bytes.append(byte)
    }
    stack.append(.buffer(pickle.buffers.count))
    pickle.buffers.append(bytes)
  }

  /// NumPy's limit.
  private static let maximumDimensions = 64

  private func byteCount(of value: Pickle.Value) -> Int? {
    switch value {
    case .bytes(let range): range.count
    case .buffer(let buffer): pickle.buffers[buffer].count
    default: nil
    }
  }
}
