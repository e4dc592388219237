import ArgumentParser
import EDViz

/// What the weights leave open of their network.
struct VariantOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What weights do not tell of their network, repeated or with commas between: caffe (the step in a bottleneck's first "
        + "1×1), blur, average (anti-aliasing), dilated-8, dilated-16, silu, gelu, leaky, leaky-SLOPE, eps-VALUE; or any other "
        + "variant of 'edviz models list'. plain: nothing of that.",
      valueName: "word"))
  var variant: [String] = []

  /// The variants in the order of their words.
  func variants() throws -> [NetworkVariant] {
    try NetworkVariant.list(
      variant.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) })
  }
}
