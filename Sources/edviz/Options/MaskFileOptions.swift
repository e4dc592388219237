import ArgumentParser
import EDViz

/// How mask files are read, where what is in them does not tell it.
struct MaskFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Values of the object in mask files, with commas between: positions in a palette, levels of grey or colours (#rrggbb). "
        + "Default: what the file tells by itself.",
      valueName: "v,v,…"))
  var maskValue: ValueList?

  @Option(
    help: ArgumentHelp(
      "The object in mask files lies strictly above this level (of brightness, or of opacity with --mask-from alpha), on "
        + "the file's own scale.",
      valueName: "n"))
  var maskThreshold: Int?

  @Option(
    help: ArgumentHelp(
      "What of mask files counts: auto, brightness, alpha (opacity), or index (any position of a palette, or level, but 0).",
      valueName: "what"))
  var maskFrom: MaskReading.Source?

  @Option(
    help: ArgumentHelp(
      "Values in mask files that are left out of every score, or none. Default: what is certain, 128 between 0 and 255 alone, "
        + "and Pascal VOC's border.",
      valueName: "v,v,…"))
  var ignoreValue: IgnoredValues?

  /// Values with commas between.
  struct ValueList: ExpressibleByArgument {
    let values: [MaskReading.Value]

    init?(argument: String) {
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      values = parts.compactMap { MaskReading.Value($0) }
      guard values.count == parts.count else { return nil }
    }
  }

  /// Values with commas between, or `none`.
  struct IgnoredValues: ExpressibleByArgument {
    let values: [MaskReading.Value]

    init?(argument: String) {
      guard argument != "none" else {
        values = []
        return
      }
      guard let list = ValueList(argument: argument) else { return nil }
      values = list.values
    }
  }

  func validate() throws {
    guard maskValue == nil || (maskThreshold == nil && maskFrom == nil) else {
      throw ValidationError("--mask-value says all; --mask-threshold and --mask-from do not go with it")
    }
    guard maskThreshold == nil || maskFrom != .index else {
      throw ValidationError("--mask-threshold does not go with --mask-from index")
    }
    if let maskThreshold, !(0...65_535).contains(maskThreshold) {
      throw ValidationError("--mask-threshold must be from 0 to 65535")
    }
  }

  /// Whether any of the options was given.
  var isGiven: Bool { maskValue != nil || maskThreshold != nil || maskFrom != nil || ignoreValue != nil }

  var reading: MaskReading {
    var reading = MaskReading()
    reading.values = maskValue?.values ?? []
    reading.threshold = maskThreshold
    reading.source = maskFrom ?? .automatic
    reading.ignored = ignoreValue?.values
    return reading
  }
}

extension MaskReading.Source: ExpressibleByArgument {}
