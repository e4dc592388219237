import Networks
import Tensors

/// A change to a network that one word says, behind a name (`resnet50-blur`) or by itself (`--variant blur`).
///
/// Some stand in names and shapes of parameters, others do not: where the step of a block is taken, dilation, blurring,
/// activation and epsilon have no parameters, so that a weight file leaves them open.
public enum NetworkVariant: Hashable, Sendable {
  /// Nothing of what follows: says that a network is as its weights tell.
  case plain
  /// A deep stem, a pooled shortcut, or both.
  case stem(Stem)
  /// So many times the 3×3 filters of a bottleneck ("Wide residual networks").
  case wide(Int)
  /// Bottlenecks of so many groups, of so many filters each in the first stage (ResNeXt).
  case cardinality(groups: Int, width: Int)
  /// A 3×3 convolution without a step or pooling in place of ImageNet's stem.
  case cifarStem
  /// Shortcuts without parameters.
  case optionA
  /// Normalisation and activation before convolutions.
  case preactivation
  /// Channels of the images.
  case channels(Int)
  /// The step of a bottleneck in its first 1×1 convolution.
  case caffe
  /// The last map is this many times smaller than the images; 3×3 convolutions are dilated instead of taking steps.
  case dilated(Int)
  /// Windows that take the steps.
  case antialias(NetworkDescription.Antialias)
  /// The activation.
  case activation(Activation)
  /// What batch normalisation adds to the variance.
  case epsilon(Float)

  /// The stems of "Bag of tricks for image classification", as GluonCV and timm name them.
  public enum Stem: String, CaseIterable, Sendable {
    case c, d, e, s, t

    /// Filters of the three convolutions.
    var filters: (deep: [Int], last: Int) {
      switch self {
      case .c, .d: ([32, 32], 64)
      case .e, .s: ([64, 64], 128)
      case .t: ([24, 32], 64)
      }
    }

    /// Whether shortcuts are pooled.
    var isPooled: Bool { self == .d || self == .e || self == .t }
  }

  /// How they are written, with a few words each.
  public static let known: KeyValuePairs<String, String> = [
    "caffe": "the step in a bottleneck's first 1×1 convolution, as in Detectron",
    "blur": "a binomial window takes each step (timm's resnetblur)",
    "average": "a mean takes each step (timm's resnetaa)",
    "dilated-8, dilated-16": "the last stages are dilated: output stride 8 or 16",
    "silu, gelu, leaky, leaky-SLOPE": "another activation than ReLU; leaky alone has the slope 0.01",
    "eps-VALUE": "what batch normalisation adds to the variance, 1e-5 if nothing is said",
    "c, d, e, s, t": "a deep stem; d, e and t with pooled shortcuts",
    "cifar-stem": "a 3×3 convolution without step or pooling first",
    "option-a": "shortcuts without parameters",
    "v2": "pre-activated blocks (timm's resnetv2, those with batch normalisation)",
    "wide-N": "N times the 3×3 filters of bottlenecks",
    "GxWd": "bottlenecks of G groups of W filters (ResNeXt)",
    "channels-N": "images of N channels",
    "plain": "nothing of that, where weights leave it open",
  ]

  /// The variant that a word writes; nil if it is none.
  public init?(_ word: String) {
    func number(after prefix: String) -> String? {
      guard word.hasPrefix(prefix + "-") else { return nil }
      return String(word.dropFirst(prefix.count + 1))
    }
    func count(after prefix: String) -> Int? {
      guard let text = number(after: prefix), text.allSatisfy(\.isNumber), text.count < 6 else { return nil }
      return Int(text)
    }
    switch word {
    case "plain": self = .plain
    case "cifar-stem": self = .cifarStem
    case "option-a": self = .optionA
    case "v2": self = .preactivation
    case "caffe": self = .caffe
    case "dilated-8": self = .dilated(8)
    case "dilated-16": self = .dilated(16)
    default:
      if let stem = Stem(rawValue: word) {
        self = .stem(stem)
      } else if let kind = NetworkDescription.Antialias(rawValue: word) {
        self = .antialias(kind)
      } else if let function = Activation(named: word) {
        self = .activation(function)
      } else if let factor = count(after: "wide"), factor > 1 {
        self = .wide(factor)
      } else if let channels = count(after: "channels"), channels > 0 {
        self = .channels(channels)
      } else if let text = number(after: "eps"), let value = Float(text), value >= 0, value <= 1 {
        self = .epsilon(value)
      } else if let (groups, width) = Self.cardinality(word) {
        self = .cardinality(groups: groups, width: width)
      } else {
        return nil
      }
    }
  }

  /// The word that writes it.
  public var word: String {
    switch self {
    case .plain: "plain"
    case .stem(let stem): stem.rawValue
    case .wide(let factor): "wide-\(factor)"
    case .cardinality(let groups, let width): "\(groups)x\(width)d"
    case .cifarStem: "cifar-stem"
    case .optionA: "option-a"
    case .channels(let count): "channels-\(count)"
    case .preactivation: "v2"
    case .caffe: "caffe"
    case .dilated(let stride): "dilated-\(stride)"
    case .antialias(let kind): kind.rawValue
    case .activation(let function): function.name
    case .epsilon(let value): "eps-\(value)"
    }
  }

  /// "32x8d".
  private static func cardinality(_ word: String) -> (groups: Int, width: Int)? {
    guard word.hasSuffix("d"), word.count < 12 else { return nil }
    let parts = word.dropLast().split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }), let groups = Int(parts[0]),
      let width = Int(parts[1]), groups > 0, width > 0
    else { return nil }
    return (groups, width)
  }
}

/// A variant that nobody knows.
public struct UnknownVariant: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for.
  public let word: String

  /// One sentence.
  public var description: String {
    "no variant is called '\(word)'; there are \(NetworkVariant.known.map(\.key).joined(separator: ", "))"
  }
}

extension NetworkVariant {
  /// The variants that words write.
  /// - Throws: `UnknownVariant`.
  public static func list(_ words: [String]) throws(UnknownVariant) -> [NetworkVariant] {
    var found: [NetworkVariant] = []
    for word in words {
      guard let variant = NetworkVariant(word) else { throw UnknownVariant(word: word) }
      found.append(variant)
    }
    return found
  }
}
