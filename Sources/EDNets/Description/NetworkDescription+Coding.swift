import Files
import Networks
import Tensors

extension NetworkDescription: Codable {
  /// Reads a description. A shortcut that is not named is a projection, and a gate or path that is not named is none; a
  /// key that is not known is an error, because a misspelt one would silently give another network.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      stem: try values.decode(Stem.self, forKey: .stem),
      transform: try values.part(.transform, among: BlockParts.transforms, as: (any Transform).self),
      gate: try values.part(.gate, among: BlockParts.gates, as: (any Gate).self),
      stages: try values.decode([Stage].self, forKey: .stages),
      shortcut: try values.decodeIfPresent(Shortcut.self, forKey: .shortcut) ?? .projection,
      identity: try values.decodeIfPresent(Bool.self, forKey: .identity) ?? true,
      path: try values.part(.path, among: BlockParts.paths, as: (any AddedPath).self),
      preactivation: try values.decodeIfPresent(Bool.self, forKey: .preactivation) ?? false,
      activation: try values.decodeIfPresent(Activation.self, forKey: .activation) ?? .relu,
      epsilon: try values.decodeIfPresent(Float.self, forKey: .epsilon) ?? BatchNormalization.usualEpsilon,
      antialias: try values.decodeIfPresent(Antialias.self, forKey: .antialias),
      classes: try values.decode(Int.self, forKey: .classes))
  }

  /// Writes everything that is not as it is when nothing is said.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(stem, forKey: .stem)
    if let transform { try values.encode(part: transform, forKey: .transform) }
    if let gate { try values.encode(part: gate, forKey: .gate) }
    try values.encode(stages, forKey: .stages)
    try values.encode(shortcut, forKey: .shortcut)
    if !identity { try values.encode(identity, forKey: .identity) }
    if let path { try values.encode(part: path, forKey: .path) }
    if preactivation { try values.encode(preactivation, forKey: .preactivation) }
    if activation != .relu { try values.encode(activation, forKey: .activation) }
    if epsilon != BatchNormalization.usualEpsilon { try values.encode(epsilon, forKey: .epsilon) }
    try values.encodeIfPresent(antialias, forKey: .antialias)
    try values.encode(classes, forKey: .classes)
  }
}

extension NetworkDescription.Stem {
  /// Reads a stem; keys that are not known are an error.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      channels: try fields.value(.channels, default: 3), deep: try fields.value(.deep, default: []),
      kernel: try fields.required(Int.self, .kernel), stride: try fields.required(Int.self, .stride),
      filters: try fields.required(Int.self, .filters), maxPool: try fields.value(.maxPool, default: false))
  }

  /// Writes everything that is not as it is when nothing is said.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    if channels != 3 { try values.encode(channels, forKey: .channels) }
    if !deep.isEmpty { try values.encode(deep, forKey: .deep) }
    try values.encode(kernel, forKey: .kernel)
    try values.encode(stride, forKey: .stride)
    try values.encode(filters, forKey: .filters)
    try values.encode(maxPool, forKey: .maxPool)
  }
}

extension NetworkDescription.Stage {
  /// Reads a stage; keys that are not known are an error.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      blocks: try fields.required(Int.self, .blocks), width: try fields.required(Int.self, .width),
      outputs: try fields.optional(Int.self, .outputs), filters: try fields.optional(Int.self, .filters),
      stride: try fields.required(Int.self, .stride),
      dilation: try fields.value(.dilation, default: 1), path: try fields.value(.path, default: true))
  }

  /// Writes everything that is not as it is when nothing is said.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(blocks, forKey: .blocks)
    try values.encode(width, forKey: .width)
    try values.encodeIfPresent(outputs, forKey: .outputs)
    try values.encodeIfPresent(filters, forKey: .filters)
    try values.encode(stride, forKey: .stride)
    if dilation != 1 { try values.encode(dilation, forKey: .dilation) }
    if !path { try values.encode(path, forKey: .path) }
  }
}
