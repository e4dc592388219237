import Files

/// Everything that a weight file holds, before the tensors of a network are chosen from it.
///
/// Opening reads names and structure alone; nothing in a file is ever executed.
public struct CheckpointContents {
  /// The file.
  public let path: String
  /// Its format.
  public let format: Checkpoint.Format
  /// Bytes of the file.
  public let byteCount: Int
  /// Free text beside the tensors. PyTorch's formats have none.
  public let metadata: [String: String]
  /// Every dictionary that holds tensors, the outermost first.
  public let dictionaries: [TensorDictionary]
  /// What stands beside them, as far as the first few hundred things.
  public let company: [Companion]
  private let pickled: PickledTensors?

  /// Reads a weight file of any known format, which its content tells, never its name.
  public init(contentsOf path: String) throws(CheckpointError) {
    let source: ByteSource
    do { source = try ByteSource(mapping: path) } catch { throw .file(error) }
    try self.init(source)
  }

  init(_ source: ByteSource) throws(CheckpointError) {
    path = source.path
    byteCount = source.bytes.count
    let found: PickledTensors
    switch FileSignature.format(of: source.bytes) {
    case .safetensors:
      let (entries, metadata) = try SafetensorsReader.read(source)
      var all = TensorDictionary(key: "")
      all.names = entries.map(\.name)
      all.values = entries.map { .entry($0) }
      format = .safetensors
      self.metadata = metadata
      dictionaries = [all]
      company = []
      pickled = nil
      return
    case .pyTorchArchive: (found, format) = (try PyTorchArchiveReader.read(source), .pyTorchArchive)
    case .pyTorchLegacy, .pickle:
      found = try PyTorchLegacyReader.read(source)
      format = found.isTorch ? .pyTorchLegacy : .pickle
    case nil:
      if let kind = FileKind.name(of: source.bytes) { throw .notWeights(path: source.path, kind: kind) }
      throw .unknownFormat(path: source.path)
    }
    let tree = try PickledTree(found.pickle, path: source.path)
    metadata = [:]
    dictionaries = tree.dictionaries.map { dictionary in
      guard DetectronBlobs.hold(dictionary.names) else { return dictionary }
      var made = dictionary
      made.names = dictionary.names.map(DetectronBlobs.detectron2)
      return made
    }
    company = tree.company
    pickled = found
    // Pictures are pickled arrays, too; weights are no bytes.
    if format == .pickle, !found.pickle.arrays.contains(where: { $0.type?.isFloatingPoint == true }) {
      throw .unknownFormat(path: source.path)
    }
  }

  /// The tensors of a dictionary.
  public func entries(of dictionary: TensorDictionary) throws(CheckpointError) -> [Checkpoint.Entry] {
    var entries: [Checkpoint.Entry] = []
    for result in results(of: dictionary) { entries.append(try result.get()) }
    return entries
  }

  /// The tensors of a dictionary in order, or why one cannot be read.
  public func results(of dictionary: TensorDictionary) -> [Result<Checkpoint.Entry, CheckpointError>] {
    if let pickled { return pickled.results(of: dictionary) }
    return dictionary.values.compactMap { if case .entry(let entry) = $0 { .success(entry) } else { nil } }
  }

  /// Whether two tensors are one, saved under two names.
  func isSame(_ one: TensorDictionary.Value, _ other: TensorDictionary.Value) -> Bool {
    guard let pickle = pickled?.pickle, case .tensor(let left) = one, case .tensor(let right) = other else {
      return false
    }
    let (a, b) = (pickle.tensors[left], pickle.tensors[right])
    return pickle.storages[a.storage].key == pickle.storages[b.storage].key && a.offset == b.offset
      && pickle.storages[a.storage].view == pickle.storages[b.storage].view
      && pickle.integers(a.shape) == pickle.integers(b.shape)
  }

  /// What a file without tensors is said to hold.
  func withoutTensors() -> CheckpointError {
    guard let pickle = pickled?.pickle else { return .noTensors(path: path) }
    // The outermost module is made first. A loss may hold weights of classes, but is no network.
    let modules = pickle.placeholders.filter { $0.isModule || $0.name.hasPrefix("__torch__.") }
    if let network = modules.first(where: { !$0.name.hasPrefix("torch.nn.modules.loss.") }),
      !pickle.tensors.isEmpty || network.name.hasPrefix("__torch__.")
    {
      return .wholeModule(path: path, name: network.name)
    }
    if let module = modules.first { return .noWeights(path: path, name: module.name) }
    if case .placeholder(let root) = pickle.root {
      return .forbidden(path: path, name: pickle.placeholders[root].name)
    }
    return .noTensors(path: path)
  }
}
