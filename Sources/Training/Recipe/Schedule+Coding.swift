import Files
import Networks

extension Schedule: Codable {
  private enum Kind: String, Codable, CaseIterable {
    case constant, step, multiStep, cosine, oneCycle
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, every, milestones, factor, floor, peak, initialDivision, finalDivision, linear, warmUp

    /// The fields that a kind has beside `kind` and `warmUp`.
    static func own(_ kind: Kind) -> [CodingKeys] {
      switch kind {
      case .constant: []
      case .step: [.every, .factor]
      case .multiStep: [.milestones, .factor]
      case .cosine: [.floor]
      case .oneCycle: [.peak, .initialDivision, .finalDivision, .linear]
      }
    }
  }

  /// Reads `kind` and the fields of that kind; no others may be there.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    let kind = try fields.required(Kind.self, .kind)
    let known = [.kind, .warmUp] + CodingKeys.own(kind)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let odd = container.allKeys.first(where: { !known.contains($0) }) {
      throw FieldMistake(
        FieldPath.text(decoder.codingPath, odd.stringValue), "means nothing for the kind \(kind.rawValue)")
    }
    let course: Course
    switch kind {
    case .constant: course = .constant
    case .step:
      course = .step(
        every: try fields.required(Int.self, .every), factor: try fields.value(.factor, default: 0.1))
    case .multiStep:
      course = .multiStep(
        milestones: try fields.required([Int].self, .milestones),
        factor: try fields.value(.factor, default: 0.1))
    case .cosine: course = .cosine(floor: try fields.value(.floor, default: 0))
    case .oneCycle:
      let usual = OneCycle()
      course = .oneCycle(
        OneCycle(
          peak: try fields.value(.peak, default: usual.peak),
          initialDivision: try fields.value(.initialDivision, default: usual.initialDivision),
          finalDivision: try fields.value(.finalDivision, default: usual.finalDivision),
          isLinear: try fields.value(.linear, default: usual.isLinear)))
    }
    self.init(course, warmUp: try fields.optional(WarmUp.self, .warmUp))
  }

  /// Writes every field of the kind.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func kind(_ kind: Kind) throws { try container.encode(kind, forKey: .kind) }
    switch course {
    case .constant: try kind(.constant)
    case .step(let every, let factor):
      try kind(.step)
      try container.encode(every, forKey: .every)
      try container.encode(factor, forKey: .factor)
    case .multiStep(let milestones, let factor):
      try kind(.multiStep)
      try container.encode(milestones, forKey: .milestones)
      try container.encode(factor, forKey: .factor)
    case .cosine(let floor):
      try kind(.cosine)
      try container.encode(floor, forKey: .floor)
    case .oneCycle(let cycle):
      try kind(.oneCycle)
      try container.encode(cycle.peak, forKey: .peak)
      try container.encode(cycle.initialDivision, forKey: .initialDivision)
      try container.encode(cycle.finalDivision, forKey: .finalDivision)
      try container.encode(cycle.isLinear, forKey: .linear)
    }
    try container.encode(warmUp, forKey: .warmUp)
  }
}

extension Schedule.WarmUp: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case epochs, startFactor }

  /// Reads `epochs` and `startFactor`.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(
      epochs: try fields.required(Float.self, .epochs),
      startFactor: try fields.value(.startFactor, default: 0.1))
  }

  /// Writes both fields.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(startFactor, forKey: .startFactor)
  }
}
