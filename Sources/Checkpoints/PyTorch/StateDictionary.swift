/// Finds the network's tensors in what a trainer saved.
enum StateDictionary {
  /// Where trainers put the tensors, in the order in which these are tried.
  static let keys = ["state_dict", "model_state_dict", "model", "net"]
  /// Bytes of the longest tensor name.
  static let maximumNameLength = 1024

  /// The tensors by name, in the order they were saved.
  ///
  /// They are those of the first of `keys` whose value is a dictionary with a tensor in it; else those at the top.
  /// The keys go first because trainers also save single tensors, such as the best accuracy, beside the
  /// dictionary. Values that are no tensors, and names that are no text, are skipped. As in Python, the last
  /// tensor assigned to a name is the one that counts.
  static func tensors(
    of pickle: Pickle, path: String
  ) throws(CheckpointError) -> [(name: String, tensor: Pickle.Tensor)] {
    guard let top = contents(of: pickle.root, in: pickle) else { throw without(pickle, path) }
    var chosen = top
    for key in keys {
      if let found = dictionary(key, in: top, of: pickle), hasTensor(found, of: pickle) {
        chosen = found
        break
      }
    }
    let found = try named(chosen, of: pickle, path: path)
    guard !found.isEmpty else { throw without(pickle, path) }
    return found
  }

  /// What a file without tensors is said to hold.
  private static func without(_ pickle: Pickle, _ path: String) -> CheckpointError {
    // The outermost module is made first. A loss may hold weights of classes, but is no network.
    let modules = pickle.placeholders.filter(\.isModule)
    if let network = modules.first(where: { !$0.name.hasPrefix("torch.nn.modules.loss.") }),
      !pickle.tensors.isEmpty
    {
      return .wholeModule(path: path, name: network.name)
    }
    if let module = modules.first { return .noWeights(path: path, name: module.name) }
    if case .placeholder(let root) = pickle.root {
      return .forbidden(path: path, name: pickle.placeholders[root].name)
    }
    return .noTensors(path: path)
  }

  /// The dictionary that a value is, or that stands for one of another class.
  private static func contents(of value: Pickle.Value, in pickle: Pickle) -> Int? {
    switch value {
    case .dictionary(let dictionary): dictionary
    case .placeholder(let placeholder): pickle.placeholders[placeholder].items
    default: nil
    }
  }

  private static func dictionary(_ key: String, in dictionary: Int, of pickle: Pickle) -> Int? {
    for pair in pickle.dictionaries[dictionary].reversed() {
      if case .text(key) = pair.key, let found = contents(of: pair.value, in: pickle) { return found }
    }
    return nil
  }

  private static func hasTensor(_ dictionary: Int, of pickle: Pickle) -> Bool {
    pickle.dictionaries[dictionary].contains {
      if case .tensor = $0.value { true } else { false }
    }
  }

  /// A tensor of a kind that is not read must not be missing without a word.
  private static func check(_ value: Pickle.Value, _ name: String, _ pickle: Pickle, _ path: String)
    throws(CheckpointError)
  {
    guard case .placeholder(let index) = value, pickle.placeholders[index].isTensor else { return }
    throw .unreadTensor(path: path, tensor: name, kind: pickle.placeholders[index].name)
  }

  private static func named(
    _ dictionary: Int, of pickle: Pickle, path: String
  ) throws(CheckpointError) -> [(name: String, tensor: Pickle.Tensor)] {
    var found: [(name: String, tensor: Pickle.Tensor)] = []
    var positions: [String: Int] = [:]
    for pair in pickle.dictionaries[dictionary] {
      guard case .text(let name) = pair.key else { continue }
      try check(pair.value, name, pickle, path)
      guard case .tensor(let tensor) = pair.value else { continue }
      guard name.utf8.count <= maximumNameLength else {
        throw .limitExceeded(path: path, part: "a tensor's name", limit: "\(maximumNameLength) bytes")
      }
      if let position = positions[name] {
        found[position].tensor = pickle.tensors[tensor]
      } else {
        positions[name] = found.count
        found.append((name, pickle.tensors[tensor]))
      }
    }
    return found
  }
}
