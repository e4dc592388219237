/// One pass over photographs: each is decoded, looked at, and handed on; one that fails is recorded and stops nothing. As
/// many are looked at at once as the engine has threads.
public struct PhotographRun: Sendable {
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
  public struct Seen: Sendable {
    /// The part of it that the network saw, at its own resolution.
    public let photograph: Image
    /// What the network made of it.
    public let look: Look
  }

  /// A photograph as far as it was read, and what came of looking at it.
  private struct Loaded<Made: Sendable>: Sendable {
    let decoded: DecodedImage
    let sha256: String
    let result: Result<(seen: Seen, made: Made), any Error>
  }

  /// Looks at each photograph, makes something of it, and gives both to `handle` in order, which adds to the record.
  /// - Parameters:
  ///   - make: is called on several threads at once; may throw what concerns this photograph only.
  ///   - handle: may throw what concerns this photograph only.
  ///   - finish: is called after each photograph with its record and the error, if there was one; what it throws
  ///     ends the run.
  public func run<Made: Sendable>(
    over paths: [String], make: @escaping @Sendable (Seen) throws -> Made,
    handle: (Seen, Made, inout Manifest.Input) throws -> Void,
    finish: (Manifest.Input, (any Error)?) throws -> Void
  ) throws {
    // A name that the network does not have is found before any file is read.
    for tap in taps { _ = try session.model.network.nodes(of: tap) }
    let loaded = Prefetcher(count: paths.count, workers: Threads.workers(for: paths.count)) { index in
      Result { try load(paths[index], make) }
    }
    let clock = ContinuousClock()
    var last = clock.now
    for (path, result) in zip(paths, loaded) {
      var record = Manifest.Input(path: path)
      var failure: (any Error)?
      do {
        let loaded = try result.get()
        record.sha256 = loaded.sha256
        record.size = [loaded.decoded.image.width, loaded.decoded.image.height]
        record.note(loaded.decoded)
        let (seen, made) = try loaded.result.get()
        try describe(seen, of: loaded.decoded.image, &record)
        try handle(seen, made, &record)
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

  private func describe(_ seen: Seen, of image: Image, _ record: inout Manifest.Input) throws {
    let look = seen.look
    let region = look.region
    record.region = [region.x0, region.y0, region.x1, region.y1]
    record.classes = look.classes
    record.inputSize = [look.inputSize.height, look.inputSize.width]
    if classes > 0, session.model.network.hasHead, look.classes.isEmpty {
      record.warnings.append("the logits are not finite")
    }
    if session.model.preprocessing.squeezes(image) {
      record.warnings.append(
        "more than \(PictureFit.largestAspect) times as long as wide; the network saw it squeezed")
    }
    for (tap, map) in look.maps {
      let block = try session.model.network.block(named: tap.block).name
      let mapRecord = Manifest.Map(block: block, branch: tap.branch, map: map)
      if let condition = mapRecord.condition {
        record.warnings.append("the map of \(tap.branch.name) \(condition.explanation)")
      }
      record.maps.append(mapRecord)
    }
  }

  private func load<Made>(_ path: String, _ make: (Seen) throws -> Made) throws -> Loaded<Made> {
    try FileBytes.read(path).withUnsafeBytes { bytes in
      let size = try decoder.announcedSize(of: bytes, file: path)
      let need =
        Self.bytes(width: size.width, height: size.height, maps: taps.count)
        + session.passBytes(of: taps, logits: classes > 0, width: size.width, height: size.height)
      return try MemoryBudget.shared.holding(upTo: need) { try load(bytes, path, make) }
    }
  }

  /// What a photograph takes until its files are drawn: decoded (of some files three times, and once more to turn it),
  /// then for each map values, colours, the overlay, both drawn side by side and encoded.
  static func bytes(width: Int, height: Int, maps: Int) -> Int { width * height * (24 + 18 * maps) }

  private func load<Made>(
    _ bytes: UnsafeRawBufferPointer, _ path: String, _ make: (Seen) throws -> Made
  ) throws -> Loaded<Made> {
    let decoded = try decoder.decode(bytes, file: path)
    let image = decoded.image
    return Loaded(
      decoded: decoded, sha256: SHA256.hexadecimal(of: bytes),
      result: Result {
        let look = try PictureError.naming(path) {
          try session.look(at: image, taps: taps, classes: classes)
        }
        let isWhole = look.region.width == image.width && look.region.height == image.height
        let seen = Seen(photograph: isWhole ? image : image.cropped(to: look.region), look: look)
        return (seen, try make(seen))
      })
  }
}
