import ArgumentParser
import EDViz

/// How photographs reach a network, where that differs from what the model says.
struct PreprocessingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Side in pixels that photographs are brought to. Default: the model's.", valueName: "n"))
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "What happens to other shapes: short (whole photograph, its short side becomes the size), square (distorted), "
        + "crop (ImageNet's centre crop), none (as it is). Default: the model's.",
      valueName: "fit"))
  var fit: Preprocessing.Fit?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Mean of red, green and blue on 0…1.", valueName: "m"))
  var mean: [Float] = []

  @Option(
    name: .customLong("std"), parsing: .upToNextOption,
    help: ArgumentHelp("Standard deviation of red, green and blue on 0…1.", valueName: "s"))
  var standardDeviation: [Float] = []

  func validate() throws {
    if let size, !(1...8192).contains(size) { throw ValidationError("--size must be from 1 to 8192") }
    guard mean.isEmpty || mean.count == 3, standardDeviation.isEmpty || standardDeviation.count == 3 else {
      throw ValidationError("--mean and --std take three numbers each")
    }
    guard standardDeviation.allSatisfy({ $0 != 0 }) else { throw ValidationError("--std must not be 0") }
  }

  /// The given preprocessing with what the options say otherwise.
  func adjusted(_ preprocessing: Preprocessing) -> Preprocessing {
    var result = preprocessing
    if let size { result.size = size }
    if let fit { result.fit = fit }
    if !mean.isEmpty { result.mean = mean }
    if !standardDeviation.isEmpty { result.standardDeviation = standardDeviation }
    return result
  }
}

extension Preprocessing.Fit: ExpressibleByArgument {}
