import Files

/// A mask as someone drew it in a picture file.
public struct DecodedMask: Hashable, Sendable {
  /// What told the object.
  public enum Source: Hashable, Sendable {
    /// Brightness above half, or above a given level.
    case brightness
    /// Opacity above half, or above a given level.
    case alpha
    /// Numbers other than 0, or other than black: positions in a palette, classes, or the higher of two values.
    case values
    /// Values that someone named.
    case given
  }

  /// The object, upright.
  public let mask: Mask
  /// Pixels that belong neither to the object nor to its surroundings; nil if there are none.
  public let ignored: Mask?
  /// What told the object.
  public let source: Source
  /// What a reader should know of how the file was taken, without the file's name; nil if it is what anyone expects.
  public let remark: String?
  /// The values that the file holds, in words; of a file of many, the first.
  public let found: String
}

extension ImageDecoder {
  /// Reads a mask file.
  /// - Throws: `FileError`, and `ImageError`, as `decodeMask(_:file:reading:)`.
  public func decodeMask(
    contentsOf path: String, reading: MaskReading = MaskReading()
  ) throws -> DecodedMask {
    try FileBytes.read(path).withUnsafeBytes { try decodeMask($0, file: path, reading: reading) }
  }

  /// Decodes the mask in the bytes of a file that errors call `file`. Unless `reading` says it, what is in the file tells:
  ///
  /// - An alpha channel that is more opaque than half in one place and not in another is the mask, as of a picture whose
  ///   background was taken away.
  /// - In a palette of colours whose first is black every other position is the object, and one that has the colour of
  ///   Pascal VOC's border, (224, 224, 192), is ignored. So are the same colours in a file without a palette.
  /// - Of two values that are both dark, or both bright, such as 0 and 1, the higher is the object.
  /// - Of the three levels 0, 127 or 128, and 255 the middle is ignored.
  /// - Else the object is what is brighter than half.
  /// - Throws: `ImageError`, also for a file that ends early or is transparent everywhere, and for levels of which it
  ///   cannot be told whether they are classes or brightness.
  public func decodeMask(
    _ bytes: UnsafeRawBufferPointer, file: String, reading: MaskReading = MaskReading()
  ) throws(ImageError) -> DecodedMask {
    let samples = try maskSamples(bytes, file: file)
    var rule = try MaskRule(samples, reading, file: file)
    if let ignored = reading.ignored {
      rule.ignored = ignored.isEmpty ? nil : samples.mask(of: ignored)
    }
    let ignored = rule.ignored.flatMap { $0.values.contains(true) ? $0 : nil }
    let mask = ignored.map { ignored in
      samples.mask { rule.object.values[$0] && !ignored.values[$0] }
    }
    return DecodedMask(
      mask: mask ?? rule.object, ignored: ignored, source: rule.source, remark: rule.remark,
      found: samples.valuesInWords)
  }
}

/// What a file's values are taken for.
private struct MaskRule {
  var object: Mask
  var ignored: Mask?
  var source: DecodedMask.Source
  var remark: String?

  private init(object: Mask, source: DecodedMask.Source) {
    self.object = object
    self.source = source
  }

  init(_ samples: MaskSamples, _ reading: MaskReading, file: String) throws(ImageError) {
    guard reading.values.isEmpty else {
      self.init(object: samples.mask(of: reading.values), source: .given)
      return
    }
    switch reading.source {
    case .brightness: self.init(brightnessOf: samples, above: reading.threshold)
    case .alpha: self.init(alphaOf: samples, above: reading.threshold)
    case .index:
      self.init(object: samples.mask { samples.number($0) != 0 }, source: .values)
    case .automatic:
      let opaque = (0..<samples.count).count { samples.alpha($0) > 127 }
      if let threshold = reading.threshold {
        self.init(brightnessOf: samples, above: threshold)
      } else if opaque == 0 {
        throw .transparentMask(file: file)
      } else if opaque < samples.count {
        self.init(alphaOf: samples, above: nil)
        remark = "its alpha channel is taken as the mask"
      } else if reading.takesLevelsAsShares {
        self.init(brightnessOf: samples, above: nil)
      } else if samples.kind == nil {
        self.init(colorsOf: samples)
      } else {
        try self.init(levelsOf: samples, ignoring: reading.ignored, file: file)
      }
    }
  }

  private init(brightnessOf samples: MaskSamples, above threshold: Int?) {
    guard let threshold else {
      self.init(object: samples.mask(samples.isBright), source: .brightness)
      return
    }
    // A palette's positions are no brightness.
    let isLevel = samples.kind == .grey || samples.kind == .deepGrey
    let object = samples.mask { pixel in
      isLevel ? Int(samples.levels[pixel]) > threshold : samples.sum(pixel) > threshold * 3
    }
    self.init(object: object, source: .brightness)
  }

  private init(alphaOf samples: MaskSamples, above threshold: Int?) {
    self.init(object: samples.mask { Int(samples.alpha($0)) > threshold ?? 127 }, source: .alpha)
  }

  /// Pascal VOC's border, and black.
  private static let border: UInt32 = 0xE0_E0C0
  private static let black: UInt32 = 0

  /// Pixels of colours: of two the one that is not black, and of Pascal VOC's map of classes every class.
  private init(colorsOf samples: MaskSamples) {
    self.init(brightnessOf: samples, above: nil)
    guard let colors = samples.distinctColors(most: 256), colors.first == Self.black else { return }
    // Each part of a colour of that map is one of these.
    let areClasses = colors.allSatisfy { color in
      color == Self.border || [16, 8, 0].allSatisfy { [0, 64, 128, 192].contains(color >> $0 & 255) }
    }
    if areClasses, colors.contains(Self.border) {
      object = samples.mask { samples.rgb($0) != Self.black && samples.rgb($0) != Self.border }
      ignored = samples.mask { samples.rgb($0) == Self.border }
      source = .values
      remark = "every colour but black is taken as the object, but (224, 224, 192) is left out of every score"
    } else if colors.count == 2, !Self.isBright(colors[1]) {
      object = samples.mask { samples.rgb($0) != Self.black }
      source = .values
      remark = "every colour but black is taken as the object"
    }
  }

  /// Positions in a palette of colours; or levels, of which few say by themselves what they mean.
  /// - Parameter ignored: what someone said is left out; nil if nobody said anything.
  private init(
    levelsOf samples: MaskSamples, ignoring ignored: [MaskReading.Value]?, file: String
  ) throws(ImageError) {
    self.init(brightnessOf: samples, above: nil)
    let colors = samples.colorsByLevel().filter { entry in
      ignored?.contains { $0 == .level(Int(entry.level)) || $0 == .color(Color(rgb: entry.rgb)) } != true
    }
    if samples.kind == .index, colors.contains(where: { Self.hasHue($0.rgb) }) {
      takePositions(of: samples, colors)
      return
    }
    // Of a palette of greys what counts is how bright they look.
    let levels =
      samples.kind == .index
      ? Set(colors.map { Int($0.rgb & 255) }).sorted() : colors.map { Int($0.level) }
    let top = samples.kind == .deepGrey ? 65_535 : 255
    if levels.count == 2 {
      guard Set(colors.map { Self.isBright($0.rgb) }).count == 1 else { return }
      object = samples.mask { Self.level($0, of: samples) == levels[1] }
      source = .values
      remark = "of its two values, \(levels[0]) and \(levels[1]), the higher is taken as the object"
    } else if levels.count == 3, levels[0] == 0, [top / 2, top / 2 + 1].contains(levels[1]), levels[2] == top
    {
      guard ignored == nil else { return }
      object = samples.mask { Self.level($0, of: samples) == top }
      self.ignored = samples.mask { Self.level($0, of: samples) == levels[1] }
      remark = "\(levels[1]), between 0 and \(top), is left out of every score"
    } else if levels.count > 2, levels[0] == 0, levels.dropLast().allSatisfy({ $0 < 128 }) {
      if levels.last == 255, ignored == nil {
        throw .ambiguousMask(file: file, levels: samples.valuesInWords)
      }
      // Someone said what no class is, so that the rest are classes.
      guard ignored?.isEmpty == false, levels[levels.count - 1] < 128 else { return }
      object = samples.mask { Self.level($0, of: samples) != 0 }
      source = .values
      remark = "every level but 0 is taken as the object"
    }
  }

  /// In a palette whose position 0 is black, and in the picture, the others are the object.
  private mutating func takePositions(of samples: MaskSamples, _ colors: [(level: UInt16, rgb: UInt32)]) {
    guard let first = colors.first, first.level == 0, first.rgb == Self.black else { return }
    let border = colors.first { $0.level > 0 && $0.rgb == Self.border }?.level
    object = samples.mask { samples.levels[$0] != 0 && samples.levels[$0] != border }
    source = .values
    remark = "every position of its palette but 0 is taken as the object"
    guard let border else { return }
    ignored = samples.mask { samples.levels[$0] == border }
    remark =
      "every position of its palette but 0 is taken as the object, but \(border), the border, is left out of every score"
  }

  /// Whether a colour is none of the greys.
  private static func hasHue(_ rgb: UInt32) -> Bool {
    let parts = [16, 8, 0].map { Int(rgb >> $0 & 255) }
    return (parts.max() ?? 0) - (parts.min() ?? 0) > 32
  }

  private static func isBright(_ rgb: UInt32) -> Bool {
    (Int(rgb >> 16) + Int(rgb >> 8 & 255) + Int(rgb & 255)) * 2 > 255 * 3
  }

  /// The level of a pixel; of a palette of greys, how bright it looks.
  private static func level(_ pixel: Int, of samples: MaskSamples) -> Int {
    samples.kind == .index ? Int(samples.rgb(pixel) & 255) : Int(samples.levels[pixel])
  }
}

extension MaskSamples {
  /// The number of a pixel, or for a colour whether it is not black.
  fileprivate func number(_ pixel: Int) -> Int {
    kind == nil ? Int(rgb(pixel)) : Int(levels[pixel])
  }

  /// The values that the file holds; of many, how many there are.
  fileprivate var valuesInWords: String {
    let values: [MaskReading.Value]
    if kind == nil {
      guard let colors = distinctColors(most: 256) else { return "more than 256 colours" }
      values = colors.map { .color(Color(rgb: $0)) }
    } else {
      values = colorsByLevel().map { .level(Int($0.level)) }
    }
    let words = values.map(\.description)
    guard words.count > 8 else { return words.joined(separator: ", ") }
    return words.prefix(6).joined(separator: ", ") + " … " + words[words.count - 1]
  }
}
