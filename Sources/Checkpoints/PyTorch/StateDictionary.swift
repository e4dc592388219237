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
    guard case .dictionary(let top) = pickle.root else { throw .noTensors(path: path) }
    var chosen = top
    for key in keys {
      if let found = dictionary(key, in: top, of: pickle), hasTensor(found, of: pickle) {
        chosen = found
        break
      }
    }
    let found = try named(chosen, of: pickle, path: path)
    guard !found.isEmpty else { throw .noTensors(path: path) }
    return found
  }

  private static func dictionary(_ key: String, in dictionary: Int, of pickle: Pickle) -> Int? {
    for pair in pickle.dictionaries[dictionary].reversed() {
      if case .text(key) = pair.key, case .dictionary(let found) = pair.value { return found }
    }
    return nil
  }

  private static func hasTensor(_ dictionary: Int, of pickle: Pickle) -> Bool {
    pickle.dictionaries[dictionary].contains {
      if case .tensor = $0.value { true } else { false }
    }
  }

  private static func named(
    _ dictionary: Int, of pickle: Pickle, path: String
  ) throws(CheckpointError) -> [(name: String, tensor: Pickle.Tensor)] {
    var found: [(name: String, tensor: Pickle.Tensor)] = []
    var positions: [String: Int] = [:]
    for pair in pickle.dictionaries[dictionary] {
      guard case .text(let name) = pair.key, case .tensor(let tensor) = pair.value else { continue }
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
