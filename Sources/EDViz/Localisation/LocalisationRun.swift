/// One pass over pictures with marked objects: each is decoded once, ahead, and looked at once for each input size;
/// one that fails is reported and stops nothing.
public struct LocalisationRun {
  /// One way to make masks.
  public struct Setting: Hashable, Sendable {
    /// What pictures are brought to; none where they go in as they are.
    public let inputSize: Int?
    /// The block, under torchvision's name.
    public let block: String
    /// What of the block makes the map.
    public let branch: AttentionBranch
  }

  /// A picture that was scored.
  public struct Scored {
    /// Its size.
    public let width: Int, height: Int
    /// Share of it that is the object's.
    public let objectShare: Double
    /// A score for each setting.
    public let scores: [LocalisationScore]
    /// A score for each trivial mask, in the order of all cases.
    public let trivial: [LocalisationScore]
  }

  /// The ways to make masks: each branch at the first input size, then at the next.
  public let settings: [Setting]
  private let session: AttentionSession
  private let taps: [Tap]
  private let rule: MaskProtocol
  private let preprocessings: [Preprocessing]
  private let decoder: ImageDecoder

  /// A pass with these parts; no sizes mean the model's own.
  /// - Throws: `UnknownBlock` or `AttentionError` for what the network does not have.
  public init(
    session: AttentionSession, taps: [Tap], rule: MaskProtocol, sizes: [Int] = [],
    decoder: ImageDecoder = ImageDecoder(limits: .standard)
  ) throws {
    let usual = session.model.preprocessing
    let preprocessings = (sizes.isEmpty ? [usual.size] : sizes).map { size in
      var preprocessing = usual
      preprocessing.size = size
      return preprocessing
    }
    let network = session.model.network
    let places = try taps.map { tap in
      _ = try network.nodes(of: tap)
      return (block: try network.block(named: tap.block).name, branch: tap.branch)
    }
    settings = preprocessings.flatMap { preprocessing in
      places.map { place in
        Setting(
          inputSize: preprocessing.fit == .none ? nil : preprocessing.size, block: place.block,
          branch: place.branch)
      }
    }
    self.session = session
    self.taps = taps
    self.rule = rule
    self.preprocessings = preprocessings
    self.decoder = decoder
  }

  private struct Loaded: Sendable {
    let object: MarkedObject
    let prepared: [AttentionSession.Prepared]
  }

  /// Scores each picture.
  /// - Parameter finish: is called after each with what came of it; what it throws ends the run.
  public func run(
    over inputs: [LocalisationInput],
    finish: (LocalisationInput, Result<Scored, any Error>) throws -> Void
  ) throws {
    let (decoder, preprocessings) = (decoder, preprocessings)
    let loaded = Prefetcher(count: inputs.count) { index in
      Result { try Self.load(inputs[index], decoder, preprocessings) }
    }
    for (input, result) in zip(inputs, loaded) {
      try finish(input, Result { try score(result.get()) })
    }
  }

  private func score(_ loaded: Loaded) throws -> Scored {
    let object = loaded.object
    let scores = try loaded.prepared.flatMap { prepared in
      let look = try session.look(at: prepared, taps: taps)
      return look.maps.map { object.score(of: $0.map, in: look.region, rule: rule) }
    }
    let (width, height) = (object.mask.width, object.mask.height)
    return Scored(
      width: width, height: height, objectShare: object.mask.areaShare, scores: scores,
      trivial: TrivialMask.allCases.map { object.score(of: $0.box(width: width, height: height)) })
  }

  private static func load(
    _ input: LocalisationInput, _ decoder: ImageDecoder, _ preprocessings: [Preprocessing]
  ) throws -> Loaded {
    let image = try decoder.decode(contentsOf: input.path).image
    return Loaded(
      object: try input.object(in: image, decoder: decoder),
      prepared: preprocessings.map { AttentionSession.prepare(image, for: $0) })
  }
}
