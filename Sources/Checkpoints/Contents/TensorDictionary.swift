/// A dictionary of a weight file that holds tensors.
public struct TensorDictionary {
  /// The keys that lead to it, with dots between: `state_dict`, `model.ema`; empty for the outermost.
  public let key: String
  /// The names of its tensors, in the order they were saved.
  public internal(set) var names: [String] = []
  /// What stands under each name.
  var values: [Value] = []

  /// A tensor, as far as it is known before anybody asks for it.
  enum Value {
    case entry(Checkpoint.Entry)
    /// An index into a pickle's tensors.
    case tensor(Int)
    /// An index into a pickle's arrays.
    case array(Int)
    /// A tensor of a kind that is not read.
    case unread(kind: String)
  }

  init(key: String) { self.key = key }

  /// The same tensors, named from the outermost dictionary on.
  var flattened: TensorDictionary {
    var made = TensorDictionary(key: "")
    made.names = key.isEmpty ? names : names.map { "\(key).\($0)" }
    made.values = values
    return made
  }
}

/// Something in a weight file that is no tensor.
public struct Companion: Hashable, Sendable {
  /// The keys that lead to it, with dots between.
  public let key: String
  /// What it is, in a few words: a class, a number, the length of a list.
  public let kind: String
}
