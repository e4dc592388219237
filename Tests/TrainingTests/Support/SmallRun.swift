import Datasets
import EDNets
import Files
import Images
import Networks
import Tensors

@testable import Training

/// Pictures of one colour each, whose class is the colour that is strongest.
struct ColorDataset: Dataset {
  let count: Int
  var classes = ["red", "green", "blue"]
  /// Pictures that cannot be read.
  var bad: Set<Int> = []
  /// The folder in the names of pictures.
  var folder = "colors"
  var isDecoded: Bool { true }

  struct Broken: Error {}

  func label(at position: Int) -> Int { position % 3 }

  func image(at position: Int) throws -> Image {
    if bad.contains(position) { throw Broken() }
    let level = UInt8(100 + position * 37 % 150)
    let levels = (0..<3).map { $0 == position % 3 ? level : level / 3 }
    return Image(
      width: 8, height: 8, filledWith: Color(red: levels[0], green: levels[1], blue: levels[2]))
  }

  func name(at position: Int) -> String { "\(folder)/color \(position)" }
}

/// A learner that moves each parameter by numbers that follow from the pictures, with momentum; it has all the state
/// that a trainer has and none of its arithmetic.
final class CountingLearner: Learner {
  let parameters: [Parameter]
  let groups: [ParameterGroup]
  let rule: Trainer.Rule
  private var gradient: Float = 0
  private var gathered: Float = 0
  private var momentum: [String: Float] = [:]
  private var average: [String: Tensor] = [:]
  /// What `accumulate` returns in place of the loss at a call, counted from 0.
  var losses: [Int: Double] = [:]
  private var calls = 0

  init(
    _ network: Network, _ groups: [ParameterGroup], _ rule: Trainer.Rule, _: MapPenalty?,
    _: FeatureMatch? = nil
  ) {
    parameters = network.parameters
    self.groups = groups
    self.rule = rule
    if rule.averaging != nil { average = values }
  }

  private var values: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) })
  }

  func accumulate(
    images: Tensor, targets: Tensor, features: Tensor?, loss: Loss
  ) throws(EngineError) -> (loss: Double, logits: Tensor) {
    let mean = images.elements.enumerated().reduce(Float(0)) { $0 + $1.element * Float($1.offset % 7) } / 1000
    gradient += mean + targets.elements.enumerated().reduce(0) { $0 + $1.element * Float($1.offset % 5) }
    gathered += 1
    // The running statistics move with every batch, as those of batch normalisation do.
    for parameter in parameters where !parameter.isLearnt {
      parameter.value = Tensor(
        parameter.value.elements.map { $0 * 0.9 + 0.1 + abs(mean) }, shape: parameter.shape)
    }
    defer { calls += 1 }
    let found = losses[calls] ?? Double(mean * mean)
    return (found, Tensor(targets.elements.map { -$0 }, shape: targets.shape))
  }

  func step(rate: Float) {
    for group in groups {
      for parameter in group.parameters {
        let old = momentum[parameter.name] ?? 0
        let new = rule.momentum * old + gradient / gathered
        momentum[parameter.name] = new
        let change = rate * group.rateFactor * (new / 1000 + group.weightDecay)
        parameter.value = Tensor(parameter.value.elements.map { $0 - change }, shape: parameter.shape)
      }
    }
    gradient = 0
    gathered = 0
    guard let share = rule.averaging else { return }
    for parameter in parameters {
      let mixed = zip(average[parameter.name]?.elements ?? [], parameter.value.elements)
      average[parameter.name] = Tensor(mixed.map { share * $0 + (1 - share) * $1 }, shape: parameter.shape)
    }
  }

  var state: [(name: String, tensor: Tensor)] {
    parameters.filter(\.isLearnt).map {
      ("momentum.\($0.name)", Tensor([momentum[$0.name] ?? 0], shape: [1]))
    }
      + parameters.compactMap { parameter in average[parameter.name].map { ("average.\(parameter.name)", $0) }
      }
  }

  func restore(_ state: [String: Tensor]) -> [String] {
    let expected = self.state.map(\.name)
    let odd = Set(expected).symmetricDifference(state.keys).sorted()
    guard odd.isEmpty else { return odd }
    for parameter in parameters {
      momentum[parameter.name] = state["momentum.\(parameter.name)"]?[0]
      average[parameter.name] = state["average.\(parameter.name)"]
    }
    return []
  }

  func withAveragedParameters<R>(_ body: () throws -> R) rethrows -> R {
    let own = values
    for parameter in parameters { if let mean = average[parameter.name] { parameter.value = mean } }
    defer { for parameter in parameters { if let value = own[parameter.name] { parameter.value = value } } }
    return try body()
  }

  var isFinite: Bool { parameters.allSatisfy { $0.value.elements.allSatisfy(\.isFinite) } }
}

/// Runs that take milliseconds: 3 epochs of 5 batches, 3 steps each, of a network with a few hundred parameters.
enum SmallRun {
  static let network = NetworkDescription(
    stem: NetworkDescription.Stem(kernel: 3, stride: 1, filters: 4, maxPool: false),
    transform: BasicTransform(),
    stages: [NetworkDescription.Stage(blocks: 1, width: 4, stride: 2)],
    path: EncoderDecoder(groups: 2), classes: 3)

  static func recipe() -> Recipe {
    var recipe = Recipe(
      data: Recipe.Data(
        train: DatasetSource(path: "/none/train"), validation: DatasetSource(path: "/none/val")))
    recipe.network = .described(network)
    recipe.input = Preprocessing(size: 8, fit: .none)
    recipe.augmentation = Augmentation([.horizontalFlip(HorizontalFlip())])
    recipe.batch = 3
    recipe.accumulate = 2
    recipe.epochs = 3
    recipe.schedule = Schedule(.cosine(floor: 0))
    recipe.averaging = 0.5
    recipe.logSteps = 2
    // Tests run side by side, and teams of several threads would wait for each other.
    recipe.threads = 1
    return recipe
  }

  static func parts(
    learner: @escaping (Network, [ParameterGroup], Trainer.Rule, MapPenalty?, FeatureMatch?) -> any Learner =
      CountingLearner.init,
    train: ColorDataset = ColorDataset(count: 15),
    validation: ColorDataset = ColorDataset(count: 6, folder: "others"), tolerance: Double = 0.01
  ) -> TrainingRun.Parts {
    TrainingRun.Parts(
      feeds: { recipe in
        let options = BatchLoader.Options(
          batchSize: recipe.batch, seed: recipe.seed, augmentation: recipe.augmentation,
          tolerance: tolerance)
        let loader = try BatchLoader(train, options: options)
        let judge = try BatchLoader(validation, options: .evaluation(batchSize: 4))
        return (BatchFeed(loader, path: "train"), BatchFeed(judge, path: "validation"))
      },
      fill: { parameters, seed in
        for parameter in parameters {
          var generator = SeededGenerator(seed: seed, place: UInt64(parameter.count))
          parameter.value = Tensor(
            (0..<parameter.count).map { _ in Float(generator.uniform()) }, shape: parameter.shape)
        }
      }, learner: learner)
  }

  /// Calls `body` at events.
  final class Watcher: TrainingObserver {
    private let body: (TrainingEvent) throws -> Void
    init(_ body: @escaping (TrainingEvent) throws -> Void) { self.body = body }
    func observe(_ event: TrainingEvent, in run: TrainingRun) throws { try body(event) }
  }

  /// Runs to the end, or until `stopAfter` steps.
  @discardableResult
  static func run(
    _ recipe: Recipe = recipe(), in folder: String,
    _ beginning: TrainingRun.Beginning = .fresh(replacing: false),
    stopAfter: Int? = nil, parts: TrainingRun.Parts = parts(), watching: TrainingObserver? = nil
  ) throws -> RunEnd {
    // A run sets the threads of the thread that it runs on, which other tests will use.
    let threads = Threads.count
    defer { Threads.use(threads) }
    let stop = StopRequest()
    let stopper = Watcher { event in
      if case .stepEnded(let report) = event, report.step == stopAfter { stop.request() }
    }
    let run = try TrainingRun(
      recipe, folder: folder, beginning: beginning, observers: [stopper] + (watching.map { [$0] } ?? []),
      stop: stop, parts: parts)
    return try run.run()
  }

  /// What two runs of the same recipe must have in common: every byte of the tensors, and everything in the records
  /// but times.
  static func outcome(in folder: String) throws -> [String] {
    let run = RunFolder(folder)
    var (state, _, _) = try run.load()
    state.generation = 0
    state.seconds = 0
    state.logs = [:]
    state.tally.seconds = 0
    state.weights.name = ""
    state.optimizer.name = ""
    state.average?.name = ""
    let best = try SHA256.hexadecimal(ofFile: run.file(RunFolder.bestName))
    let last = try SHA256.hexadecimal(ofFile: run.file(RunFolder.lastName))
    let table = try text(run.file(EpochTable.name)).split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).prefix(8).joined(separator: ",")
    }
    return ["\(state)", best, last] + table
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try FileBytes.read(path), as: UTF8.self)
  }
}
