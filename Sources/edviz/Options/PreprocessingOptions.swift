import ArgumentParser
import EDViz

/// How photographs reach a network, where that differs from what the model says.
struct PreprocessingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Side in pixels that photographs are brought to. Default: what the model, or the recipe, says.",
      valueName: "n"))
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "What happens to other shapes: short (whole photograph, its short side becomes the size; squeezed if it is "
        + "more than 8 times as long), square (distorted), crop (ImageNet's centre crop), none (as it is). "
        + "Default: what the model, or the recipe, says.",
      valueName: "fit"))
  var fit: Preprocessing.Fit?

  @Option(
    help: ArgumentHelp(
      "With a centre crop, what the short side becomes before it, as torchvision's Resize. Default: 256/224 of the crop.",
      valueName: "n"))
  var resize: Int?

  @Option(help: ArgumentHelp("Side of a centre crop: --size and --fit crop in one.", valueName: "n"))
  var crop: Int?

  @Option(
    help: ArgumentHelp(
      "How photographs are resized, as Pillow does: bilinear, bicubic or lanczos. Default: what the model says.",
      valueName: "filter"))
  var interpolation: Interpolation?

  @Option(
    help: ArgumentHelp(
      "What the network reads: rgb, bgr (blue first; --mean and --std stay those of red, green and blue), or grey "
        + "(the grey level three times). Default: what the model says.",
      valueName: "order"))
  var colors: ColorOrder?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Mean of red, green and blue on 0…1, or one number for all, or for grey levels. Default: what the model, or the recipe, says.",
      valueName: "r,g,b")
  )
  var mean: ColorTriple?

  @Option(
    name: .customLong("std"), parsing: .unconditional,
    help: ArgumentHelp("Standard deviation of red, green and blue on 0…1, or one number.", valueName: "r,g,b")
  )
  var standardDeviation: ColorTriple?

  /// Three numbers with commas between, or one.
  struct ColorTriple: ExpressibleByArgument {
    let values: [Float]

    init?(argument: String) {
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
      let values = parts.compactMap { $0 }
      guard parts.count == 3 || parts.count == 1, values.count == parts.count else { return nil }
      self.values = values
    }

    /// As many numbers as `count`: one stands for all.
    func values(_ count: Int, _ option: String) throws -> [Float] {
      guard values.count == 1 || values.count == count else {
        throw Failure(
          .usage, "\(option) has \(values.count) numbers, but the network reads one channel: give one number")
      }
      return values.count == count ? values : [Float](repeating: values[0], count: count)
    }
  }

  /// True if any of the options was given.
  var isGiven: Bool {
    size != nil || fit != nil || mean != nil || standardDeviation != nil || resize != nil || crop != nil
      || interpolation != nil || colors != nil
  }

  func validate() throws {
    guard crop == nil || (size == nil && fit == nil) else {
      throw ValidationError("--crop says what --size and --fit crop say")
    }
  }

  /// The given preprocessing with what the options say otherwise.
  /// - Throws: `Failure` for numbers that cannot be used.
  func adjusted(_ preprocessing: Preprocessing) throws -> Preprocessing {
    var result = preprocessing
    if let size { result.size = size }
    if let fit { result.fit = fit }
    if let crop { (result.size, result.fit) = (crop, .crop) }
    if let resize {
      result.resize = resize
    } else if size != nil || crop != nil || fit != nil {
      // What the model said belongs to its own size.
      result.resize = nil
    }
    if let interpolation { result.interpolation = interpolation }
    if let colors { result.colors = colors }
    let count = preprocessing.channels
    if let mean { result.mean = try mean.values(count, "--mean") }
    if let standardDeviation { result.standardDeviation = try standardDeviation.values(count, "--std") }
    if let mistake = result.mistake {
      let options = [
        Preprocessing.Part.size: crop == nil ? "--size" : "--crop", .resize: "--resize", .mean: "--mean",
        .standardDeviation: "--std",
      ]
      throw Failure(.usage, "\(options[mistake.part] ?? "") \(mistake.reason)")
    }
    if size != nil, result.fit == .none {
      throw Failure(.usage, "with --fit none pictures keep their size, so that --size means nothing")
    }
    return result
  }
}

extension Preprocessing.Fit: ExpressibleByArgument {}
extension Interpolation: ExpressibleByArgument {}
extension ColorOrder: ExpressibleByArgument {}
