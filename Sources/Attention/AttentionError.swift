import EDNets

/// What cannot be shown, and why.
public enum AttentionError: Error, Hashable, Sendable {
  /// No branch has this name.
  case unknownBranch(name: String, known: [String])
  /// The block does not have the branch, such as a decoder in a plain network.
  case absentBranch(name: String, block: String, present: [String])
  /// The branch of the block has fewer channels; they are counted from 0.
  case absentChannel(index: Int, branch: String, block: String, channels: Int)
  /// The activations would not fit into memory; `imageShape` is [N, H, W, 3].
  case needsMemory(bytes: Int, available: Int, imageShape: [Int])
  /// A window of the network does not fit its map; `imageShape` is [N, H, W, 3].
  case imagesTooSmall(imageShape: [Int])
  /// Images [N, H, W, C] have other channels than the network reads.
  case wrongChannels(network: Int, imageShape: [Int])
  /// No threshold rule is written like this.
  case unknownThreshold(String)
  /// No method has this name.
  case unknownMethod(name: String, known: [String])
  /// A method divides by what may be 0, or mixes signs, where values can be negative.
  case methodOnNegativeValues(method: String, branch: String, block: String)
  /// A method is of the output of the last block alone, before average pooling and one linear layer.
  case methodNeedsHead(method: String)
  /// A method changes values of a branch, which a sum that the block never forms is not.
  case methodNeedsBranch(method: String, branch: String)
  /// A class was asked about, but the network has no head.
  case noHead
  /// No class has this name.
  case unknownClass(name: String, nearest: [String], count: Int)
}

extension AttentionError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .unknownBranch(let name, let known):
      "no branch is called '\(name)'; there are \(known.joined(separator: ", "))"
    case .absentBranch(let name, let block, let present):
      "block \(block) has no branch '\(name)'; it has \(present.joined(separator: ", "))"
    case .absentChannel(let index, let branch, let block, let channels):
      "there is no channel \(index) in the \(branch) of block \(block), which has 0 to \(channels - 1)"
    case .needsMemory(let bytes, let available, let shape):
      "\(shape[0]) × \(shape[1]) × \(shape[2]) pixels would take \(bytes >> 20) MiB in the network, more than the "
        + "\(available >> 20) MiB that may be used; choose a smaller --size, or fewer images or taps"
    case .imagesTooSmall(let shape):
      "\(shape[1]) × \(shape[2]) pixels are too small for the network"
    case .wrongChannels(let network, let shape):
      "the network reads \(network) channels, but the images have \(shape[3])"
    case .unknownThreshold(let text):
      "'\(text)' is no threshold; write mean, otsu, quantile:Q with Q from 0 to 1, or value:V"
    case .unknownMethod(let name, let known):
      "no method is called '\(name)'; there are \(known.joined(separator: ", "))"
    case .methodOnNegativeValues(let method, let branch, let block):
      "\(method) means nothing for the \(branch) of block \(block), whose values can be negative; take grad-cam, "
        + "hires-cam or eigen-cam"
    case .methodNeedsHead(let method):
      "\(method) is of the output of the last block alone, if average pooling and one linear layer follow; elsewhere take "
        + "grad-cam or hires-cam"
    case .methodNeedsBranch(let method, let branch):
      "\(method) changes a branch's values, but the block never forms \(branch); take one of its terms"
    case .noHead:
      "the network has no head, so that no class can be asked about; take a method without one, such as depth-sum"
    case .unknownClass(let name, let nearest, let count):
      "no class is called '\(name)'"
        + (nearest.isEmpty
          ? "; name one of 0 to \(count - 1), top or runner-up"
          : "; the nearest are \(nearest.joined(separator: ", "))")
    }
  }
}
