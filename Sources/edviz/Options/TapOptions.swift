import ArgumentParser
import EDViz

/// Which branches of which block.
struct TapOptions: ParsableArguments {
  @OptionGroup var place: BlockOption

  @Option(
    name: [.customShort("r"), .long],
    help: ArgumentHelp(
      "Branch, repeated for several (side by side in a heatmap, a row each in an evaluation): input (x), shortcut, "
        + "transform (F), encoder, decoder (ED), sum, output, x+F, x+ED, F+ED. Default: output.",
      valueName: "branch"),
    completion: .list(AttentionBranch.all.map(\.name)))
  var branch: [String] = []

  func taps() throws -> [Tap] {
    var seen: Set<Tap> = []
    return try (branch.isEmpty ? ["output"] : branch)
      .map { Tap(block: place.block, branch: try AttentionBranch(named: $0)) }
      .filter { seen.insert($0).inserted }
  }
}

/// Which block.
struct BlockOption: ParsableArguments {
  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: ArgumentHelp(
      "Residual block: last, torchvision's layer4.2, the paper's conv5_3, or an index (negative from the end).",
      valueName: "block"))
  var block = "last"
}
