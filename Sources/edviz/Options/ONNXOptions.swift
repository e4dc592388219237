import ArgumentParser
import EDViz

/// What an ONNX file offers beside the logits.
struct ONNXOptions: ParsableArguments {
  @Option(
    name: .customLong("tap"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A branch of a block as one more output, or all branches of a block; repeated for several.",
      valueName: "block[:branch]"))
  var taps: [String] = []

  @Option(
    help: ArgumentHelp(
      "Side of all images, or ROWSxCOLUMNS, which spares some runtimes work. Default: any size.",
      valueName: "n"))
  var inputSize: String?

  @Flag(
    help: "Keep batch normalisation as layers, with the parameters that were learnt, instead of folding it.")
  var keepBatchNorm = false

  /// True if any of the options was given.
  var isGiven: Bool { !taps.isEmpty || inputSize != nil || keepBatchNorm }

  func translated(_ model: Model) throws -> ONNXModel {
    try model.onnx(
      taps: taps.flatMap(model.taps(named:)),
      inputSize: inputSize.map { try ImageSize.parse($0, "--input-size") },
      normalization: keepBatchNorm ? .kept : .folded)
  }
}
