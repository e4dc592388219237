extension PickleInterpreter {
  /// Bytes of the longest storage key; PyTorch's are numbers.
  static let maximumKeyLength = 255

  /// REDUCE: what calling a global with a tuple of arguments would give.
  mutating func reduce() throws(CheckpointError) {
    guard case .tuple(let tuple) = try pop() else {
      throw reader.malformed("a class or its arguments are missing")
    }
    let arguments = pickle.sequences[tuple]
    switch try pop() {
    case .global(let global): try reduce(global, arguments)
    case .placeholder(let placeholder): try call(placeholder, arguments)
    default: throw reader.malformed("a class or its arguments are missing")
    }
  }

  private mutating func reduce(
    _ global: PickleGlobal, _ arguments: [Pickle.Value]
  ) throws(CheckpointError) {
    switch global {
    case .orderedDictionary: pushDictionary(try orderedPairs(arguments))
    case .rebuildTensor, .rebuildTypedTensor: try pushTensor(arguments, global)
    case .rebuildParameter:
      switch arguments.first {
      case .tensor(let tensor): stack.append(.tensor(tensor))
      case .placeholder(let placeholder): pushTensorPlaceholder(placeholder)
      default: throw reader.malformed("a parameter is no tensor")
      }
    case .rebuildFromType:
      // function, class, its arguments, state
      guard arguments.count >= 3, case .tuple(let inner) = arguments[2] else {
        throw reader.malformed("a tensor of wrong arguments")
      }
      switch arguments[0] {
      case .global(let function) where function != .rebuildFromType:
        try reduce(function, pickle.sequences[inner])
      case .placeholder(let function): pushTensorPlaceholder(function)
      default: throw reader.malformed("a tensor of wrong arguments")
      }
    case .size:
      guard case .tuple(let size)? = arguments.first else { throw reader.malformed("a size is no tuple") }
      stack.append(.tuple(size))
    case .device: stack.append(.none)
    case .storage, .elementType, .array: throw reader.malformed("a storage or type is called")
    case .rebuildArray: try pushArray(arguments)
    case .arrayType: try pushArrayType(arguments)
    case .encode: try pushEncoded(arguments)
    }
  }

  /// BUILD: attributes of an object. Those of a dictionary are PyTorch's `_metadata`, which nothing here needs, and
  /// those of the type of bytes, which has no byte order or fields, say nothing.
  mutating func build() throws(CheckpointError) {
    let state = try pop()
    switch stack.last {
    case .dictionary, .byteType: break
    case .array(let array) where vocabulary == .weights: try complete(array, with: state)
    case .array(let array): try fill(array, with: state)
    // Attributes that somebody gave a tensor.
    case .tensor: break
    case .placeholder(let placeholder): note(state, of: placeholder)
    default: throw reader.malformed("attributes of something without any")
    }
  }

  /// The pairs given to an OrderedDict: none in Python 3, a list of two-element lists in Python 2.
  private mutating func orderedPairs(
    _ arguments: [Pickle.Value]
  ) throws(CheckpointError) -> [(key: Pickle.Value, value: Pickle.Value)] {
    guard let first = arguments.first else { return [] }
    guard case .list(let list) = first else { throw reader.malformed("a dictionary of no list") }
    var pairs: [(key: Pickle.Value, value: Pickle.Value)] = []
    try spend(copying: pickle.sequences[list].count)
    for item in pickle.sequences[list] {
      switch item {
      case .list(let pair), .tuple(let pair):
        guard pickle.sequences[pair].count == 2 else { throw reader.malformed("a dictionary of no pairs") }
        pairs.append((pickle.sequences[pair][0], pickle.sequences[pair][1]))
      default: throw reader.malformed("a dictionary of no pairs")
      }
    }
    return pairs
  }

  /// `_rebuild_tensor(storage, offset, size, stride)`, in later versions with `requires_grad`, hooks and a type.
  private mutating func pushTensor(
    _ arguments: [Pickle.Value], _ global: PickleGlobal
  ) throws(CheckpointError) {
    if case .placeholder(let storage)? = arguments.first { return pushTensorPlaceholder(storage) }
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], case .tuple(let shape) = arguments[2],
      case .tuple(let strides) = arguments[3]
    else { throw reader.malformed("a tensor of wrong arguments") }
    var type = pickle.storages[storage].type
    if global == .rebuildTypedTensor {
      if arguments.count >= 7, case .placeholder(let named) = arguments[6] {
        return pushTensorPlaceholder(named)
      }
      guard arguments.count >= 7, case .global(.elementType(let named)) = arguments[6] else {
        throw reader.malformed("a tensor without a type")
      }
      type = named
    }
    guard let type else { throw reader.malformed("a tensor without a type") }
    // Flags such as "neg" would change the sign of what lies in the storage.
    let flags = global == .rebuildTypedTensor ? 7 : 6
    if arguments.count > flags, case .dictionary(let dictionary) = arguments[flags],
      !pickle.dictionaries[dictionary].isEmpty
    {
      throw reader.malformed("a tensor is a conjugate or negative view")
    }
    stack.append(.tensor(pickle.tensors.count))
    pickle.tensors.append(
      Pickle.Tensor(storage: storage, offset: offset, shape: shape, strides: strides, type: type))
  }

  /// BINPERSID: `("storage", class, key, location, count)`, in legacy files followed by None or, for a storage that is part of
  /// another, `(key, offset, count)`; or `("module", class, file, source)`.
  mutating func pushStorage() throws(CheckpointError) {
    guard case .tuple(let tuple) = try pop() else { throw reader.malformed("a storage of wrong arguments") }
    let arguments = pickle.sequences[tuple]
    // In old files the class of a module, with its source.
    if arguments.count == 4, case .text("module") = arguments[0], case .placeholder(let type) = arguments[1] {
      return stack.append(.placeholder(type))
    }
    if arguments.count >= 5, case .text("storage") = arguments[0], case .placeholder(let type) = arguments[1]
    {
      return stack.append(.placeholder(type))
    }
    guard arguments.count == 5 || arguments.count == 6, case .text("storage") = arguments[0],
      case .global(.storage(let type)) = arguments[1], case .text(let key) = arguments[2],
      case .integer(let count) = arguments[4], count >= 0
    else { throw reader.malformed("a storage of wrong arguments") }
    // Keys are hashed once for each tensor, so a long one would cost more time than the file is worth.
    guard key.utf8.count <= Self.maximumKeyLength else {
      throw .limitExceeded(
        path: reader.path, part: "the name of a storage", limit: "\(Self.maximumKeyLength) bytes")
    }
    var view = 0..<count
    if arguments.count == 6, case .tuple(let part) = arguments[5] {
      guard pickle.sequences[part].count == 3, case .integer(let offset) = pickle.sequences[part][1],
        case .integer(let size) = pickle.sequences[part][2], offset >= 0, size >= 0, offset <= count,
        size <= count - offset
      else { throw reader.malformed("a storage of wrong arguments") }
      view = offset..<offset + size
    }
    stack.append(.storage(pickle.storages.count))
    pickle.storages.append(Pickle.Storage(key: key, type: type, count: count, view: view))
  }
}
