import Files

/// What can be wrong with a checkpoint. Every case says which file; `description` is one sentence for a person.
public enum CheckpointError: Error, Equatable, Sendable {
  /// The file could not be read.
  case file(FileError)
  /// The first bytes are those of no known format.
  case unknownFormat(path: String)
  /// The file is something else, which `kind` names in a few words.
  case notWeights(path: String, kind: String)
  /// The file ends inside `part`.
  case truncated(path: String, part: String)
  /// `part` does not follow its format.
  case malformed(path: String, part: String, reason: String)
  /// `part` goes beyond a limit that no real checkpoint reaches.
  case limitExceeded(path: String, part: String, limit: String)
  /// Two tensors or archive entries have one name.
  case duplicateName(path: String, name: String)
  /// A tensor cannot have this name in the format that is written.
  case reservedName(path: String, name: String)

  /// A shape that is negative, has too many dimensions or counts more elements than can exist.
  case impossibleShape(path: String, tensor: String, shape: [Int])
  /// A tensor's byte range is not as long as its shape and type make it.
  case wrongSize(path: String, tensor: String, expected: Int, found: Int)
  /// A tensor reaches outside the data it refers to.
  case outOfBounds(path: String, tensor: String)
  /// A tensor shares bytes with the one before it.
  case overlap(path: String, tensor: String)
  /// Bytes that belong to no tensor lie before this one, or at the end if nil.
  case hole(path: String, before: String?)
  /// The element type's name is unknown.
  case unknownType(path: String, tensor: String, type: String)
  /// Elements of this type cannot be converted.
  case unsupportedType(path: String, tensor: String, type: ElementType)

  /// An archive entry is compressed.
  case compressed(path: String, entry: String)
  /// An archive entry is encrypted.
  case encrypted(path: String, entry: String)
  /// An archive lacks this entry.
  case missingEntry(path: String, entry: String)
  /// Numbers are stored with the most significant byte first.
  case bigEndian(path: String)
  /// A pickle refers to a class or function outside the allow-list.
  case forbidden(path: String, name: String)
  /// A pickle uses an operation that no saved weights need.
  case unsupportedOperation(path: String, code: UInt8, offset: Int)
  /// A tensor's storage is not in the file.
  case missingStorage(path: String, tensor: String)
  /// The file is sound but holds no weights where trainers put them.
  case noTensors(path: String)
  /// More than one network is in the file; each choice is how the command line says it.
  case severalNetworks(path: String, choices: [String])
  /// Nothing in the file lies where `option` says; what there is instead.
  case noSuchPlace(path: String, option: String, name: String, known: [String])
  /// The file holds a whole module, which only Python code could make again, not its weights.
  case wholeModule(path: String, name: String)
  /// The file holds a module, such as a loss, and no weights.
  case noWeights(path: String, name: String)
  /// A tensor is of a kind that is not read, such as quantised or sparse; `kind` is what would make it.
  case unreadTensor(path: String, tensor: String, kind: String)

  /// The tensors are not those a network needs.
  case mismatch(path: String, Mismatch)

  /// All differences between the tensors a network needs and those of a checkpoint.
  public struct Mismatch: Hashable, Sendable {
    /// A tensor with another shape than needed.
    public struct Shape: Hashable, Sendable {
      /// The tensor's name.
      public let name: String
      /// What the network needs.
      public let expected: [Int]
      /// What the checkpoint has.
      public let found: [Int]

      /// Both shapes under the tensor's name.
      public init(name: String, expected: [Int], found: [Int]) {
        self.name = name
        self.expected = expected
        self.found = found
      }
    }

    /// Needed, and not in the checkpoint.
    public let missing: [String]
    /// In the checkpoint, and not needed.
    public let unexpected: [String]
    /// In both, with different shapes.
    public let misshaped: [Shape]

    /// The three kinds of difference.
    public init(missing: [String], unexpected: [String], misshaped: [Shape]) {
      self.missing = missing
      self.unexpected = unexpected
      self.misshaped = misshaped
    }
  }
}
