import ArgumentParser
import EDViz

/// Whose attention is scored: models, blocks, branches, sizes.
struct AttentionOptions: ParsableArguments {
  @OptionGroup var models: NamedModelOptions

  @Option(
    help: ArgumentHelp(
      "Sides that pictures are brought to, in turn. Default: --size, or what the data or the model says.",
      valueName: "n,n,…"))
  var sizes: SizeList?

  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Residual block, repeated for several: last, torchvision's layer4.2, the paper's conv5_3, or an index (negative "
        + "from the end). Default: last.",
      valueName: "block"))
  var block: [String] = []

  @Option(
    name: [.customShort("r"), .long], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Branch, repeated for several: input (x), shortcut, transform (F), encoder, decoder (ED), sum, output, x+F, x+ED, "
        + "F+ED. Default: output. A model that has no such branch is left out of it.",
      valueName: "branch"),
    completion: .list(AttentionBranch.all.map(\.name)))
  var branch: [String] = []

  /// Numbers with commas between, each once.
  struct SizeList: ExpressibleByArgument {
    let values: [Int]

    init?(argument: String) {
      var seen: Set<Int> = []
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.allSatisfy({ $0.map((1...8192).contains) ?? false }) else { return nil }
      values = parts.compactMap { $0 }.filter { seen.insert($0).inserted }
    }
  }

  func validate() throws {
    guard sizes == nil || models.preprocessing.size == nil else {
      throw ValidationError("say either --size or --sizes")
    }
  }

  func taps() throws -> [Tap] {
    var seen: Set<Tap> = []
    let branches = try (branch.isEmpty ? ["output"] : branch).map { try AttentionBranch(named: $0) }
    return (block.isEmpty ? ["last"] : block)
      .flatMap { block in branches.map { Tap(block: block, branch: $0) } }
      .filter { seen.insert($0).inserted }
  }
}

/// How scores are computed and summarised.
struct ScoringOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Mask IoU of several pictures: pictures (the mean of each one's) or pixels (pooled).", valueName: "how")
  )
  var averaging = IoUAveraging.pictures

  @Option(
    help: ArgumentHelp(
      "Pixels that the map's maximum may lie beside the object in the pointing game; 15 is usual.",
      valueName: "n"))
  var pointingTolerance = 0.0

  @Option(
    help: ArgumentHelp("Resamples of the bootstrap, and permutations of paired tests.", valueName: "n"))
  var resamples = 2000

  @Option(help: ArgumentHelp("What these random numbers follow from.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup var unreadable: UnreadableOptions

  @Flag(
    help: "Go on with the unfinished run in the folder that --output names; finished ones are left alone.")
  var resume = false

  func validate() throws {
    guard (0...10_000).contains(pointingTolerance) else {
      throw ValidationError("--pointing-tolerance must be from 0 to 10000")
    }
    guard (100...1_000_000).contains(resamples) else {
      throw ValidationError("--resamples must be from 100 to 1000000")
    }
  }

  var rules: LocalisationResults.Rules {
    LocalisationResults.Rules(
      averaging: averaging, tolerance: pointingTolerance, resamples: resamples, seed: seed)
  }
}

extension IoUAveraging: ExpressibleByArgument {}
