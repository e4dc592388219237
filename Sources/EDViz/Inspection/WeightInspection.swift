/// What a weight file holds, which network it is for, and what keeps it from being loaded.
public struct WeightInspection: Codable, Sendable {
  /// A dictionary that holds tensors.
  public struct Group: Codable, Sendable {
    /// The keys that lead to it, with dots between; empty for the outermost.
    public var key: String
    /// Number of its tensors.
    public var tensors: Int
  }

  /// Something that is no tensor.
  public struct Item: Codable, Sendable {
    /// The keys that lead to it, with dots between.
    public var key: String
    /// What it is, in a few words.
    public var kind: String
  }

  /// The network that the file is for.
  public struct Network: Codable, Sendable {
    /// Its name, or the file's if the file describes it.
    public var name: String
    /// Number of classes; 0 if there is no head that is understood.
    public var classes: Int
    /// Number of learnt values.
    public var parameters: Int
    /// Where its tensors were found; none if that was where anybody would look.
    public var origin: WeightOrigin?
    /// What a reader should know.
    public var remarks: [String]
  }

  /// A network that the file almost fits.
  public struct Nearest: Codable, Sendable {
    /// Its name.
    public var name: String
    /// Number of tensors that differ.
    public var differences: Int
    /// Tensors that it needs and the file has not, by the file's names.
    public var missing: [String]
    /// Tensors that the file has and it does not need.
    public var unexpected: [String]
    /// Tensors of another shape: name, what is needed, what there is.
    public var misshaped: [Shape]

    /// A tensor of another shape.
    public struct Shape: Codable, Sendable {
      /// Its name.
      public var name: String
      /// What the network needs.
      public var expected: [Int]
      /// What the file has.
      public var found: [Int]
    }
  }

  /// The file.
  public var file: String
  /// Its size in bytes.
  public var bytes: Int?
  /// The format; none for a file that holds no weights.
  public var format: String?
  /// What the file is, if it holds no weights.
  public var kind: String?
  /// Free text beside the tensors.
  public var metadata: [String: String] = [:]
  /// Dictionaries of tensors.
  public var dictionaries: [Group] = []
  /// What stands beside them.
  public var company: [Item] = []
  /// The tensors of all dictionaries, those of the network first.
  public var tensors: [TensorSummary] = []
  /// The network; none if the file fits none.
  public var network: Network?
  /// Why no network can be loaded.
  public var problem: String?
  /// The networks that the file is nearest to, if it fits none.
  public var nearest: [Nearest] = []
  /// What loads the file; one command for each choice that there is.
  public var commands: [String] = []

  /// Looks at a file.
  /// - Throws: `CheckpointError` for a file that cannot be read or is damaged; one that is something else is no error.
  public init(contentsOf path: String, choice: WeightChoice = WeightChoice()) throws {
    file = path
    bytes = Folders.size(of: path)
    let contents: CheckpointContents
    switch Self.open(path) {
    case .success(let opened): contents = opened
    case .failure(.notWeights(_, let kind)):
      self.kind = kind
      return
    case .failure(.unknownFormat):
      kind = "a file of no format that edviz knows"
      return
    case .failure(let error): throw error
    }
    format = contents.format.rawValue
    metadata = contents.metadata
    dictionaries = contents.dictionaries.map { Group(key: $0.key, tensors: $0.names.count) }
    company = contents.company.map { Item(key: $0.key, kind: $0.kind) }
    var chosen: String?
    switch Self.choose(contents, choice) {
    case .success(let checkpoint):
      chosen = checkpoint.key
      try recognize(checkpoint, choice)
    case .failure(let error):
      problem = error.description
      if case .severalNetworks(_, let choices) = error { commands = choices.map { command($0) } }
    }
    let first = contents.dictionaries.filter { $0.key == chosen }
    for dictionary in first + contents.dictionaries.filter({ $0.key != chosen }) {
      for (name, result) in zip(dictionary.names, contents.results(of: dictionary)) {
        tensors.append(TensorSummary(key: dictionary.key, name: name, result))
      }
    }
  }

  private static func open(_ path: String) -> Result<CheckpointContents, CheckpointError> {
    do throws(CheckpointError) {
      return .success(try CheckpointContents(contentsOf: path))
    } catch { return .failure(error) }
  }

  private static func choose(
    _ contents: CheckpointContents, _ choice: WeightChoice
  ) -> Result<Checkpoint, CheckpointError> {
    do throws(CheckpointError) {
      return .success(try Checkpoint(contents, choice: choice))
    } catch { return .failure(error) }
  }

  private mutating func recognize(_ checkpoint: Checkpoint, _ choice: WeightChoice) throws {
    do {
      let model = try Model(checkpoint: checkpoint)
      network = Network(
        name: model.name, classes: model.network.description.classes,
        parameters: model.network.parameterCount, origin: model.origin, remarks: model.remarks)
      commands = [command(Self.options(choice))]
    } catch {
      problem = "\(error)"
      if let error = error as? CheckpointError, case .severalNetworks(_, let choices) = error {
        commands = choices.map { command($0) }
        return
      }
      nearest = try ModelRegistry.nearest(to: checkpoint, count: 3).map { near in
        Nearest(
          name: near.name, differences: near.count, missing: near.mismatch.missing,
          unexpected: near.mismatch.unexpected,
          misshaped: near.mismatch.misshaped.map {
            .init(name: $0.name, expected: $0.expected, found: $0.found)
          })
      }
    }
  }

  /// A name as a shell wants it.
  private static func quoted(_ name: String) -> String {
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "/._-=+@%,:".contains($0) }
    return isPlain
      ? name
      : "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func options(_ choice: WeightChoice) -> String {
    [choice.key.map { "--key \($0)" }, choice.prefix.map { "--prefix \($0)" }].compactMap { $0 }
      .joined(separator: " ")
  }

  private func command(_ options: String) -> String {
    "edviz heatmap photo.jpg --weights \(Self.quoted(file))" + (options.isEmpty ? "" : " " + options)
  }
}
