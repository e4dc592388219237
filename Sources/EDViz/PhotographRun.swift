/// One pass over photographs: each is decoded, looked at, and handed on; one that fails is recorded and stops nothing. As
/// many are looked at at once as the engine has threads.
public struct PhotographRun {
  /// What looks.
  public let session: AttentionSession
  /// How files are read.
  public let decoder: ImageDecoder
  /// What is looked at.
  public let taps: [Tap]
  /// How many of the best classes are wanted.
  public let classes: Int

  /// A pass with these parts.
  public init(session: AttentionSession, decoder: ImageDecoder, taps: [Tap], classes: Int = 0) {
    self.session = session
    self.decoder = decoder
    self.taps = taps
    self.classes = classes
  }

  /// A photograph that was looked at.
  public struct Seen {
    /// The part of it that the network saw, at its own resolution.
    public let photograph: Image
    /// What the network made of it.
    public let look: Look
  }

  /// A photograph as far as it was read, and what came of looking at it.
  private struct Loaded: Sendable {
    let image: Image
    let warning: String?
    let sha256: String
    let look: Result<Look, any Error>
  }

  /// Looks at each photograph and gives it to `handle`, which adds what it makes to the record.
  /// - Parameters:
  ///   - handle: may throw what concerns this photograph only.
  ///   - finish: is called after each photograph with its record and the error, if there was one; what it throws
  ///     ends the run.
  public func run(
    over paths: [String], handle: (Seen, inout Manifest.Input) throws -> Void,
    finish: (Manifest.Input, (any Error)?) throws -> Void
  ) throws {
    // A name that the network does not have is found before any file is read.
    for tap in taps { _ = try session.model.network.nodes(of: tap) }
    let (session, decoder, taps, classes) = (session, decoder, taps, classes)
    let workers = Threads.workers(for: paths.count)
    let loaded = Prefetcher(count: paths.count, workers: workers) { index in
      Result { try Self.load(paths[index], decoder, session, taps, classes) }
    }
    let clock = ContinuousClock()
    var last = clock.now
    for (path, result) in zip(paths, loaded) {
      var record = Manifest.Input(path: path)
      var failure: (any Error)?
      do {
        let loaded = try result.get()
        try describe(loaded, handle, &record)
      } catch {
        failure = error
        record.error = "\(error)"
      }
      let now = clock.now
      record.seconds = (now - last) / .seconds(1)
      last = now
      try finish(record, failure)
    }
  }

  private func describe(
    _ loaded: Loaded, _ handle: (Seen, inout Manifest.Input) throws -> Void, _ record: inout Manifest.Input
  ) throws {
    record.sha256 = loaded.sha256
    record.size = [loaded.image.width, loaded.image.height]
    if let warning = loaded.warning { record.warnings.append(warning) }
    let look = try loaded.look.get()
    let region = look.region
    record.region = [region.x0, region.y0, region.x1, region.y1]
    record.classes = look.classes
    record.inputSize = [look.inputSize.height, look.inputSize.width]
    if classes > 0, look.classes.isEmpty { record.warnings.append("the logits are not finite") }
    if session.model.preprocessing.squeezes(loaded.image) {
      record.warnings.append(
        "more than \(Preprocessing.largestAspect) times as long as wide; the network saw it squeezed")
    }
    for (tap, map) in look.maps {
      let block = try session.model.network.block(named: tap.block).name
      let mapRecord = Manifest.Map(block: block, branch: tap.branch, map: map)
      if let condition = mapRecord.condition {
        record.warnings.append("the map of \(tap.branch.name) \(condition.explanation)")
      }
      record.maps.append(mapRecord)
    }
    let isWhole = region.width == loaded.image.width && region.height == loaded.image.height
    let photograph = isWhole ? loaded.image : loaded.image.cropped(to: region)
    try handle(Seen(photograph: photograph, look: look), &record)
  }

  private static func load(
    _ path: String, _ decoder: ImageDecoder, _ session: AttentionSession, _ taps: [Tap], _ classes: Int
  ) throws -> Loaded {
    try FileBytes.read(path).withUnsafeBytes { bytes in
      let decoded = try decoder.decode(bytes, file: path)
      return Loaded(
        image: decoded.image, warning: decoded.warning, sha256: SHA256.hexadecimal(of: bytes),
        look: Result { try session.look(at: decoded.image, taps: taps, classes: classes) })
    }
  }
}
