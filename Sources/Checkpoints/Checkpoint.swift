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
    /// A plain pickle of NumPy arrays, as Detectron and Detectron2 write.
    case pickle = "pickle of NumPy arrays"
  }

  /// The file that was read; "memory" for a checkpoint made of tensors.
  public let path: String
  /// The format of that file; nil for a checkpoint made of tensors.
  public let format: Format?
  /// Free text beside the tensors. PyTorch's formats have none.
  public var metadata: [String: String]
  /// The keys of the dictionary that was taken from the file, with dots between; empty for the outermost.
  public private(set) var key = ""
  /// What stands before the names of the network's tensors; nil if none is known by its names.
  package private(set) var prefix: String?
  /// What stands before the names of further networks in the same dictionary; nil if nobody has looked.
  private(set) var rivals: [String]?
  /// How the command line would choose among the networks in it; empty unless there are several that fit.
  private(set) var choices: [String] = []
  private let entries: [Entry]
  private let positions: [String: Int]

  /// Opens a weight file of any known format, which its content tells, never its name.
  ///
  /// Of a file with nested dictionaries this takes the one that holds a residual network, wherever it is; of one without
  /// any, the tensors under `state_dict`, `model_state_dict`, `model` or `net`, or else those at the top. What a trainer
  /// saved beside them is skipped. Nothing in the file is executed.
  /// - Parameter choice: says which network is meant where several fit.
  /// - Throws: `CheckpointError.severalNetworks` if that is not said and several dictionaries hold one.
  public init(contentsOf path: String, choice: WeightChoice = WeightChoice()) throws(CheckpointError) {
    try self.init(CheckpointContents(contentsOf: path), choice: choice)
  }

  /// Reads a checkpoint from memory, for weights that are part of a program. The bytes are copied once.
  /// - Parameter path: what error sentences call it.
  public init(bytes: some Collection<UInt8>, path: String) throws(CheckpointError) {
    try self.init(CheckpointContents(ByteSource(copying: bytes, path: path)))
  }

  /// The tensors of one dictionary of a file.
  public init(
    _ contents: CheckpointContents, choice: WeightChoice = WeightChoice()
  ) throws(CheckpointError) {
    let chosen = try contents.chosen(choice)
    try self.init(
      path: contents.path, format: contents.format, try contents.entries(of: chosen.dictionary),
      contents.metadata)
    key = chosen.dictionary.key
    prefix = chosen.place?.prefix
    rivals = chosen.rivals
    choices = chosen.choices
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
