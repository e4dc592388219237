/// What can be wrong with a model beside its tensors. Each case names the file.
public enum ModelError: Error, Hashable, Sendable {
  /// Neither metadata nor names and shapes tell which network the weights are for; the nearest one, if the names of any
  /// blocks are known.
  case unrecognizedNetwork(path: String, nearest: NearestNetwork?)
  /// There are more or fewer class names than logits.
  case classNames(path: String, expected: Int, found: Int)
  /// An entry of the metadata, or a file a user wrote, does not say what it should.
  case unreadable(path: String, part: String, reason: String)
  /// A parameter is NaN or infinite somewhere, or a variance is negative.
  case unusableValues(path: String, tensor: String, reason: String)
  /// A network reads channels that no photograph has.
  case notForPhotographs(name: String, channels: Int)
  /// A tensor has no name in the convention that is asked for.
  case nameless(path: String, tensor: String)
}

extension ModelError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .unrecognizedNetwork(let path, nil):
      "\(path): no residual blocks are found by their names; 'edviz inspect \(path)' shows what is there"
    case .unrecognizedNetwork(let path, let nearest?):
      "\(path): fits no known network; the nearest is \(nearest.name): \(nearest.mismatch.description); "
        + "'edviz inspect \(path)' tells more, and --model names a network ('edviz models list') or its description"
    case .classNames(let path, let expected, let found):
      "\(path): the network has \(expected) classes, but there are \(found) class names"
    case .unusableValues(let path, let tensor, let reason): "\(path): '\(tensor)' \(reason)"
    case .nameless(let path, let tensor): "\(path): torchvision has no name for '\(tensor)'"
    case .notForPhotographs(let name, let channels):
      "\(name): the network reads \(channels) channels, which photographs do not have; feed arrays "
        + "[N, \(channels), H, W] (.npy) to 'edviz taps'"
    case .unreadable(let path, let part, let reason): "\(path): \(part) cannot be used: \(reason)"
    }
  }
}
