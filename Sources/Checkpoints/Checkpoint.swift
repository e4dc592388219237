import Files
import Tensors

/// Named tensors in a fixed order, with some text beside them: what a weight file holds.
///
/// Opening a file reads names, shapes and types; elements are read from the mapped file when an entry's `tensor()`
/// is asked for. Of a file that is shortened while it is open here see `TruncatedFiles`; replacing it by renaming, as
/// this package writes, is safe.
public struct Checkpoint: Sendable {
  /// The file formats that are read.
  public enum Format: String, Sendable {
    /// Written by the safetensors packages, and by this one.
    case safetensors
    /// Written by torch.save since PyTorch 1.6: a zip archive of a pickle and raw storages.
    case pyTorchArchive = "PyTorch archive"
    /// Written by torch.save before PyTorch 1.6: pickles followed by raw storages.
    case pyTorchLegacy = "PyTorch legacy"
  }

  /// The file that was read; "memory" for a checkpoint made of tensors.
  public let path: String
  /// The format of that file; nil for a checkpoint made of tensors.
  public let format: Format?
  /// Free text beside the tensors. PyTorch's formats have none.
  public var metadata: [String: String]
  private let entries: [Entry]
  private let positions: [String: Int]

  /// Opens a weight file of any known format, which its content tells, never its name.
  ///
  /// Of a PyTorch file this reads the state dictionary: the tensors under `state_dict`, `model_state_dict`,
  /// `model` or `net`, the first of these that holds any, or else those at the top. Other objects that a trainer
  /// saved beside them are skipped. Nothing in the file is executed.
  public init(contentsOf path: String) throws(CheckpointError) {
    let source: ByteSource
    do { source = try ByteSource(mapping: path) } catch { throw .file(error) }
    try self.init(source)
  }

  /// Reads a checkpoint from memory, for weights that are part of a program. The bytes are copied once.
  /// - Parameter path: what error sentences call it.
  public init(bytes: some Collection<UInt8>, path: String) throws(CheckpointError) {
    try self.init(ByteSource(copying: bytes, path: path))
  }

  private init(_ source: ByteSource) throws(CheckpointError) {
    switch FileSignature.format(of: source.bytes) {
    case .safetensors:
      let (entries, metadata) = try SafetensorsReader.read(source)
      try self.init(path: source.path, format: .safetensors, entries, metadata)
    case .pyTorchArchive:
      try self.init(path: source.path, format: .pyTorchArchive, try PyTorchArchiveReader.read(source), [:])
    case .pyTorchLegacy:
      try self.init(path: source.path, format: .pyTorchLegacy, try PyTorchLegacyReader.read(source), [:])
    case nil: throw .unknownFormat(path: source.path)
    }
  }

  /// A checkpoint made of tensors.
  /// - Throws: `CheckpointError.duplicateName`.
  public init(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:]
  ) throws(CheckpointError) {
    let entries = tensors.map { name, tensor in
      Entry(name: name, shape: tensor.shape, type: .f32, content: .memory(tensor))
    }
    try self.init(path: "memory", format: nil, entries, metadata)
  }

  init(
    path: String, format: Format?, _ entries: [Entry], _ metadata: [String: String]
  ) throws(CheckpointError) {
    var positions: [String: Int] = [:]
    positions.reserveCapacity(entries.count)
    for (position, entry) in entries.enumerated() {
      guard positions.updateValue(position, forKey: entry.name) == nil else {
        throw .duplicateName(path: path, name: entry.name)
      }
    }
    self.path = path
    self.format = format
    self.metadata = metadata
    self.entries = entries
    self.positions = positions
  }

  /// The entry with this name, or nil.
  public subscript(name: String) -> Entry? { positions[name].map { entries[$0] } }
}

extension Checkpoint: RandomAccessCollection {
  /// Zero: positions are plain numbers.
  public var startIndex: Int { 0 }
  /// The number of tensors.
  public var endIndex: Int { entries.count }
  /// The entry at a position. safetensors files are in the order of their data, PyTorch's in that of saving.
  public subscript(position: Int) -> Entry { entries[position] }
}
