extension MaskProtocol {
  /// Protocols with a name.
  public enum Preset: String, CaseIterable, Sendable, Codable {
    /// What the ED-Net paper's words ("threshold, the mean value", section III-B) come to on the resized map: strictly
    /// above its mean, all parts. The default.
    case paper
    /// Wei et al., "Selective Convolutional Descriptor Aggregation" (2017), section III-A: strictly above the mean of the
    /// network's own map, of which the largest part by 8 neighbours is kept.
    case scda

    /// The protocol.
    public var rule: MaskProtocol {
      switch self {
      case .paper: MaskProtocol()
      case .scda: MaskProtocol(resolution: .featureMap, component: .largest)
      }
    }
  }

  /// The name that the protocol has, if it has one.
  public var preset: Preset? { Preset.allCases.first { $0.rule == self } }
}
