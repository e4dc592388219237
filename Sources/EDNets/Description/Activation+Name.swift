import Tensors

extension Activation {
  /// The slope of `leaky` where nothing is said, as torch.nn.LeakyReLU's.
  private static let usualSlope: Float = 0.01

  /// What descriptions and names of networks call it: `relu`, `silu`, `gelu`, `leaky`, `leaky-0.1`.
  public var name: String {
    switch self {
    case .relu: "relu"
    case .silu: "silu"
    case .gelu: "gelu"
    case .leaky(let slope): slope == Self.usualSlope ? "leaky" : "leaky-\(slope)"
    }
  }

  /// The function of a name; nil if there is none.
  public init?(named name: String) {
    switch name {
    case "relu": self = .relu
    case "silu": self = .silu
    case "gelu": self = .gelu
    case "leaky": self = .leaky(slope: Self.usualSlope)
    default:
      guard name.hasPrefix("leaky-"), let slope = Float(name.dropFirst(6)), slope.isFinite else { return nil }
      self = .leaky(slope: slope)
    }
  }

  /// What tables and drawings call it.
  public var title: String {
    switch self {
    case .relu: "ReLU"
    case .silu: "SiLU"
    case .gelu: "GELU"
    case .leaky(let slope): "leaky ReLU, slope \(slope)"
    }
  }
}

extension Activation: Codable {
  /// Reads a name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let found = Self(named: name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(name)' is none of relu, silu, gelu, leaky and leaky-SLOPE")
    }
    self = found
  }

  /// Writes its name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
