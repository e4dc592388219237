/// A model whose attention is scored.
public struct LocalisationModel: Sendable {
  /// What it is called; no other model of the run has the name.
  public let name: String
  /// The model at work.
  public let session: AttentionSession
  /// The logit of each class of the pictures; nil where classes cannot be compared.
  public let logits: [Int]?

  /// A model under a name.
  public init(name: String, session: AttentionSession, logits: [Int]? = nil) {
    self.name = name
    self.session = session
    self.logits = logits
  }
}

/// One pass over pictures with marked objects: each is decoded once, and looked at once for each model and input size; one
/// that fails is reported and stops nothing. As many are worked on at once as the engine has threads.
public struct LocalisationRun: Sendable {
  /// A picture that was scored.
  public struct Scored: Sendable {
    /// Its size.
    public let width: Int, height: Int
    /// Share of it that is the object's.
    public let objectShare: Double
    /// A score for each setting.
    public let scores: [LocalisationScore]
    /// Overlaps at fixed thresholds for each setting that has a map.
    public let thresholds: [ThresholdCounts]
    /// For each of these whether the map holds values that are not finite.
    public let nonFinite: [Bool]
    /// What a reader should know of the picture and its object.
    public let remarks: [String]
    /// How its mask was read, where that is not what anyone expects: the same words for every mask that was read so.
    public let reading: String?
  }

  /// The ways to make masks: of the first model each branch of each block at the first input size, then at the next; then
  /// of the next model; then the trivial masks.
  public let settings: [LocalisationSetting]
  /// What a reader should know, such as that a model has no such branch.
  public let remarks: [String]
  let passes: [Pass]
  let preprocessings: [Preprocessing]
  let rule: MaskProtocol
  private let tolerance: Double
  let decoder: ImageDecoder

  /// One model at one size.
  struct Pass: Sendable {
    let model: LocalisationModel
    let preprocessing: Int
    let taps: [Tap]
  }

  /// A pass with these parts; no sizes mean each model's own.
  /// - Parameter tolerance: of the pointing game, in pixels.
  /// - Throws: `UnknownBlock` or `AttentionError` for what no network has, or if a network has nothing of it.
  public init(
    models: [LocalisationModel], taps: [Tap], rule: MaskProtocol, sizes: [Int] = [], tolerance: Double = 0,
    decoder: ImageDecoder = ImageDecoder(limits: .standard)
  ) throws {
    var settings: [LocalisationSetting] = []
    var passes: [Pass] = []
    var preprocessings: [Preprocessing] = []
    var absent: [Tap: [(model: String, error: any Error)]] = [:]
    for model in models {
      let usual = model.session.model.preprocessing
      var places: [(tap: Tap, block: String)] = []
      for tap in taps {
        do {
          _ = try model.session.model.network.nodes(of: tap)
          let block = try model.session.model.network.block(named: tap.block).name
          // `last` may be what another name means, too.
          if !places.contains(where: { $0.block == block && $0.tap.branch == tap.branch }) {
            places.append((tap, block))
          }
        } catch {
          absent[tap, default: []].append((model.name, error))
          // What no model has, or all that this one was asked for.
          if absent[tap]?.count == models.count || (places.isEmpty && tap == taps.last) { throw error }
        }
      }
      for size in sizes.isEmpty ? [usual.size] : sizes {
        var preprocessing = usual
        preprocessing.size = size
        // What comes before a crop belongs to the crop's own size.
        if size != usual.size { preprocessing.resize = nil }
        let position = preprocessings.firstIndex(of: preprocessing) ?? preprocessings.count
        if position == preprocessings.count { preprocessings.append(preprocessing) }
        passes.append(Pass(model: model, preprocessing: position, taps: places.map(\.tap)))
        settings += places.map { place in
          LocalisationSetting(
            model: model.name, inputSize: usual.fit == .none ? nil : size, block: place.block,
            branch: place.tap.branch)
        }
      }
    }
    self.settings = settings + TrivialMask.allCases.map(LocalisationSetting.init)
    remarks = taps.flatMap { absent[$0] ?? [] }.map { "\($0.model): left out: \($0.error)" }
    self.passes = passes
    self.preprocessings = preprocessings
    self.rule = rule
    self.tolerance = tolerance
    self.decoder = decoder
  }

  /// Scores each picture from one position on, and hands on the results in order.
  /// - Parameter finish: is called after each with what came of it; the run ends when it returns false, or throws.
  public func run(
    over inputs: [LocalisationInput], from first: Int = 0,
    finish: (LocalisationInput, Result<Scored, any Error>) throws -> Bool
  ) throws {
    // By the number of all, so that a run that was interrupted computes the rest as it would have.
    let workers = Threads.workers(for: inputs.count)
    let rest = inputs.dropFirst(first)
    let scored = Prefetcher(count: rest.count, workers: workers) { index in
      let input = inputs[first + index]
      return Result { try PictureError.naming(input.path) { try score(input) } }
    }
    for (input, result) in zip(rest, scored) {
      guard try finish(input, result) else { return }
    }
  }

  private func score(_ input: LocalisationInput) throws -> Scored {
    try FileBytes.read(input.path).withUnsafeBytes { bytes in
      let size = try decoder.announcedSize(of: bytes, file: input.path)
      // One pass after another; the picture and its mask, the map at its size, and two lists of its pixels by their value.
      let passes = passes.map {
        $0.model.session.passBytes(of: $0.taps, logits: true, width: size.width, height: size.height)
      }
      return try MemoryBudget.shared.holding(
        upTo: size.width * size.height * 48 + (passes.max() ?? 0)
      ) {
        try score(input, try decoder.decode(bytes, file: input.path).whole(file: input.path))
      }
    }
  }

  private func score(_ input: LocalisationInput, _ image: Image) throws -> Scored {
    var remarks: [String] = []
    var reading: String?
    let object = try input.object(
      in: image, decoder: decoder, remark: { remarks.append($0) }, noteReading: { reading = $0 })
    let prepared = preprocessings.map { AttentionSession.prepare(image, for: $0) }
    var scores: [LocalisationScore] = []
    var thresholds: [ThresholdCounts] = []
    var nonFinite: [Bool] = []
    for pass in passes {
      let target = input.label.flatMap { pass.model.logits?[$0] }
      let look = try pass.model.session.look(
        at: prepared[pass.preprocessing], taps: pass.taps, classes: target == nil ? 0 : 1)
      for map in look.maps {
        var (score, counts) = object.score(of: map.map, in: look.region, rule: rule, tolerance: tolerance)
        score.isCorrect = target.map { $0 == look.classes.first?.index }
        scores.append(score)
        thresholds.append(counts)
        nonFinite.append(MapCondition(of: map.map) == .nonFinite)
      }
    }
    let (width, height) = (object.mask.width, object.mask.height)
    scores += TrivialMask.allCases.map { object.score(of: $0.box(width: width, height: height)) }
    return Scored(
      width: width, height: height, objectShare: object.mask.areaShare, scores: scores,
      thresholds: thresholds, nonFinite: nonFinite, remarks: remarks, reading: reading)
  }
}

extension LocalisationRun {
  /// Digest of the pictures and of all that scores depend on, as far as the files themselves do not change.
  /// - Parameters:
  ///   - digests: SHA-256 of each model's weight file.
  ///   - backend: what computes convolutions.
  public func fingerprint(of inputs: [LocalisationInput], digests: [String], backend: String) -> String {
    let what = [
      "\(rule)", "\(tolerance)", "\(decoder)", "\(preprocessings)", "\(settings)", "\(digests)", backend,
      "\(passes.map { $0.model.logits ?? [] })",
      // Weights do not tell all of their network.
      "\(passes.map { $0.model.session.model.network.description })",
    ]
    let texts = (0..<what.count + inputs.count).lazy.map {
      $0 < what.count ? what[$0] : inputs[$0 - what.count].summary
    }
    return SHA256.hexadecimal(of: texts)
  }
}
