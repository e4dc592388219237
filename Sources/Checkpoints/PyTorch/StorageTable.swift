/// Where the storages of a PyTorch file lie, and the entries that refer to them.
struct StorageTable {
  private let source: ByteSource
  /// Byte ranges in the file by storage key.
  private var ranges: [String: Range<Int>] = [:]

  init(_ source: ByteSource) { self.source = source }

  /// Notes where a storage lies; the range is within the file.
  mutating func add(_ key: String, at range: Range<Int>) throws(CheckpointError) {
    guard ranges.updateValue(range, forKey: key) == nil else {
      throw .duplicateName(path: source.path, name: key)
    }
  }

  func contains(_ key: String) -> Bool { ranges[key] != nil }

  /// Elements that expanded tensors, whose strides are 0, may have beyond those of their storages, over a whole file: by
  /// repetitions a small file could ask for any memory and time.
  static let maximumRepetitions = 1 << 24

  /// A tensor of a pickle, checked to lie within its storage.
  /// - Parameter repetitions: those of the tensors before it; its own are added.
  func entry(
    _ name: String, _ tensor: Pickle.Tensor, _ pickle: Pickle, _ repetitions: inout Int
  ) throws(CheckpointError) -> Checkpoint.Entry {
    let path = source.path
    let storage = pickle.storages[tensor.storage]
    let size = tensor.type.byteCount
    guard pickle.sequences[tensor.shape].count <= TensorExtent.maximumRank,
      let shape = pickle.integers(tensor.shape), let count = TensorExtent.count(shape, elementSize: size)
    else { throw .impossibleShape(path: path, tensor: name, shape: pickle.integers(tensor.shape) ?? []) }
    guard pickle.sequences[tensor.strides].count == shape.count,
      let strides = pickle.integers(tensor.strides),
      let reach = TensorExtent.reach(offset: tensor.offset, shape: shape, strides: strides),
      let bytes = view(of: storage)
    else { throw .outOfBounds(path: path, tensor: name) }
    guard count > 0 else {
      return Checkpoint.Entry(
        name: name, shape: shape, type: tensor.type, content: .stored(source: source, offset: 0, strides: nil)
      )
    }
    guard let range = ranges[storage.key] else { throw .missingStorage(path: path, tensor: name) }
    let available = bytes.count / size
    guard bytes.upperBound <= range.count, reach <= available else {
      throw .outOfBounds(path: path, tensor: name)
    }
    let (total, overflow) = repetitions.addingReportingOverflow(max(0, count - available))
    guard !overflow, total <= Self.maximumRepetitions else { throw .outOfBounds(path: path, tensor: name) }
    repetitions = total
    let offset = range.lowerBound + bytes.lowerBound + tensor.offset * size
    let isDense = TensorExtent.isDense(shape, strides: strides)
    return Checkpoint.Entry(
      name: name, shape: shape, type: tensor.type,
      content: .stored(source: source, offset: offset, strides: isDense ? nil : strides))
  }

  /// The bytes of a view within its storage, or nil if no `Int` counts them.
  private func view(of storage: Pickle.Storage) -> Range<Int>? {
    let size = storage.type?.byteCount ?? 1
    let (end, overflow) = storage.view.upperBound.multipliedReportingOverflow(by: size)
    return overflow ? nil : storage.view.lowerBound * size..<end
  }
}
