/// A pickle, and where the storages lie that its tensors refer to.
struct PickledTensors {
  let source: ByteSource
  let pickle: Pickle
  /// Whether torch.save wrote the file; a plain pickle holds NumPy arrays at most.
  var isTorch: Bool
  /// Storages whose place is known already.
  var storages: StorageTable
  /// Where another storage lies, which this tensor refers to; nil if the format has no others.
  var locate: (_ key: String, _ tensor: String) throws(CheckpointError) -> Range<Int>?

  init(
    _ source: ByteSource, _ pickle: Pickle, isTorch: Bool = true, storages: StorageTable? = nil,
    locate: @escaping (_ key: String, _ tensor: String) throws(CheckpointError) -> Range<Int>? = {
      (_, _) throws(CheckpointError) in nil
    }
  ) {
    self.source = source
    self.pickle = pickle
    self.isTorch = isTorch
    self.storages = storages ?? StorageTable(source)
    self.locate = locate
  }

  /// The tensors of a dictionary in order, each checked to lie within its storage, or why it cannot be read.
  func results(of dictionary: TensorDictionary) -> [Result<Checkpoint.Entry, CheckpointError>] {
    var storages = storages
    var repetitions = 0
    return zip(dictionary.names, dictionary.values).map { name, value in
      do throws(CheckpointError) {
        return .success(try entry(name, value, &storages, &repetitions))
      } catch { return .failure(error) }
    }
  }

  private func entry(
    _ name: String, _ value: TensorDictionary.Value, _ storages: inout StorageTable, _ repetitions: inout Int
  ) throws(CheckpointError) -> Checkpoint.Entry {
    switch value {
    case .entry(let entry): return entry
    case .unread(let kind): throw .unreadTensor(path: source.path, tensor: name, kind: kind)
    case .array(let array): return try entry(name, array: array)
    case .tensor(let index):
      let tensor = pickle.tensors[index]
      let key = pickle.storages[tensor.storage].key
      if !storages.contains(key), let range = try locate(key, name) { try storages.add(key, at: range) }
      return try storages.entry(name, tensor, pickle, &repetitions)
    }
  }

  /// An array's bytes, where they lie in the file if they lie there as they are.
  private func entry(_ name: String, array: Int) throws(CheckpointError) -> Checkpoint.Entry {
    let array = pickle.arrays[array]
    guard let type = array.type, let count = TensorExtent.count(array.shape, elementSize: type.byteCount)
    else {
      throw .impossibleShape(path: source.path, tensor: name, shape: array.shape)
    }
    let size = count * type.byteCount
    let content: Checkpoint.Entry.Content
    switch array.content {
    case .bytes(let range) where range.count == size:
      content = .stored(source: source, offset: range.lowerBound, strides: array.strides)
    case .buffer(let buffer) where pickle.buffers[buffer].count == size:
      let copy = ByteSource(copying: pickle.buffers[buffer], path: source.path)
      content = .stored(source: copy, offset: 0, strides: array.strides)
    default: throw .outOfBounds(path: source.path, tensor: name)
    }
    return Checkpoint.Entry(name: name, shape: array.shape, type: type, content: content)
  }
}
