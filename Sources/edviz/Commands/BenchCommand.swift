import ArgumentParser
import EDViz
import FoundationEssentials

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast a network is, as a whole and in each branch of each block.",
    discussion: """
      Prints latency, images and floating-point operations in a second (two for each multiply-accumulate) and memory; the \
      processor's peak (multiply-adds between registers on as many threads, measured between the passes) and how near the \
      network comes to it; and what each branch of each block takes, in milliseconds. Where nothing taps a branch, sums and \
      ReLU are computed by the convolution before them if there is one, and count as its. With --model alone weights are \
      random: the time does not depend on them.

      EXAMPLES
        edviz bench
        edviz bench -m ed-resnet50 --size 448 --batch 8
        edviz bench -w ed-resnet50.pth --taps all --seconds 10 --threads 1
        edviz bench -m se-ed-resnext50 -o branches.csv --json
      """)

  @OptionGroup(title: "Network") var choice: NetworkOptions
  @OptionGroup(title: "What to measure") var work: WorkOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Also write the branches of the blocks as a table (.csv).", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var output: String?

  @Flag(help: "Replace the table if it is there already.")
  var force = false

  @Flag(help: "Print JSON.")
  var json = false

  struct NetworkOptions: ParsableArguments {
    @Option(
      name: [.short, .long],
      help: ArgumentHelp(
        "A name ('edviz models list') or a description in YAML or JSON. Default: what the weights tell, or the model that "
          + "comes with edviz.", valueName: "name"),
      completion: .list(ModelRegistry.names))
    var model: String?

    @Option(
      name: [.short, .long], help: ArgumentHelp("Weight file.", valueName: "file"), completion: .file())
    var weights: String?

    @OptionGroup var variant: VariantOptions
    @OptionGroup var choice: WeightChoiceOptions

    func load() throws -> (name: String, network: Network, side: Int) {
      if let model, weights == nil {
        guard variant.variant.isEmpty else {
          throw Failure(.usage, "--variant is for --weights; a name takes it in itself, as in \(model)-blur")
        }
        let (network, side) = try NetworkArgument.load(model)
        Initializer.fill(network.parameters, seed: 1)
        return (Paths.stem(of: model), network, side)
      }
      let architecture = try model.map { try ModelOptions.architecture($0) }
      let model =
        try weights.map {
          try Model(
            checkpoint: Checkpoint(contentsOf: $0, choice: choice.choice), architecture: architecture,
            variants: variant.variants())
        } ?? Model.bundled()
      return (model.name, model.network, model.preprocessing.size)
    }
  }

  struct WorkOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Side of the images, or ROWSxCOLUMNS. Default: what the network is for.", valueName: "n"))
    var size: String?

    @Option(help: ArgumentHelp("Images in a pass.", valueName: "n"))
    var batch = 1

    @Option(help: "none, or all: every branch of every block is computed by itself and kept.")
    var taps = Taps.none

    @Option(help: ArgumentHelp("Passes to measure. Default: as many as --seconds allows.", valueName: "n"))
    var runs: Int?

    @Option(
      help: ArgumentHelp("Seconds to measure for; ten passes at least. Default: 3.", valueName: "n"))
    var seconds: Double?

    @Option(help: ArgumentHelp("Threads to compute with. Default: one for each core.", valueName: "n"))
    var threads: Int?

    enum Taps: String, CaseIterable, ExpressibleByArgument { case none, all }

    func validate() throws {
      for (name, value, most) in [
        ("batch", batch, 4096), ("runs", runs ?? 1, 1_000_000), ("threads", threads ?? 1, 1024),
      ]
      where !(1...most).contains(value) {
        throw ValidationError("--\(name) must be from 1 to \(most)")
      }
      guard (0...86_400).contains(seconds ?? 0) else {
        throw ValidationError("--seconds must be from 0 to 86400")
      }
      guard runs == nil || seconds == nil else { throw ValidationError("say either --runs or --seconds") }
    }
  }

  func validate() throws {
    guard !force || output != nil else {
      throw ValidationError("--force replaces the table that --output names, but there is no --output")
    }
  }

  func run() throws {
    if let output, !force, Folders.kind(of: output) != nil { throw FileError.exists(path: output) }
    if let threads = work.threads { Threads.use(threads) }
    let size = try work.size.map { try ImageSize.parse($0, "--size") }
    let (name, network, side) = try choice.load()
    var setting = ForwardBenchmark.Setting(size: size ?? Size2D(side))
    (setting.batch, setting.taps, setting.runs, setting.seconds) = (
      work.batch, work.taps == .all, work.runs, work.seconds ?? 3
    )
    let measured: ForwardBenchmark
    do { measured = try ForwardBenchmark(network, setting) } catch let error as AttentionError {
      // No picture is wrong, but what was asked for.
      throw Failure(.usage, "\(error)")
    }
    let report = BenchReport(name: name, measured: measured)
    if let output { try AtomicFile.write(Array((report.branches.csv + "\n").utf8), to: output) }
    Terminal.result(json ? try report.json() : report.text)
  }
}
