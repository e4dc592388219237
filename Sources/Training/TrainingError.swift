/// What can go wrong with a recipe, a run folder or a run itself. Each case names the file or the step.
public enum TrainingError: Error, Hashable, Sendable {
  /// The recipe is not YAML, or not a mapping.
  case unreadableRecipe(path: String, reason: String)
  /// A field of the recipe means nothing.
  case unknownField(path: String, field: String, nearest: [String])
  /// A field of the recipe has a value that cannot be used.
  case field(path: String, field: String, reason: String)
  /// Weights to begin with of which no tensor has name and shape of one that is wanted.
  case nothingLoaded(path: String, tensors: [String], wanted: [String])
  /// The network reads other channels than the recipe's input has, which has as many as numbers in its mean.
  case channels(network: Int, input: Int)
  /// The classes of the data to learn from and to check with are not the same.
  case differentClasses(train: String, validation: String, reason: String)
  /// Pictures have classes that the model does not know.
  case unknownClasses(path: String, reason: String)
  /// A model tells no classes, because it has no head or none that is understood.
  case noHead(model: String)
  /// A folder holds a run already.
  case runExists(folder: String)
  /// A folder holds no run that could be continued.
  case noRun(folder: String)
  /// Another process is at work on a run.
  case runInUse(folder: String)
  /// A run would be continued with other pictures.
  case dataChanged(folder: String, reason: String)
  /// A run would be continued with another recipe.
  case recipeChanged(folder: String, field: String, was: String, now: String)
  /// A file of a saved run does not hold what was written.
  case damagedRun(path: String, reason: String)
  /// What a pass keeps for its gradients does not fit into memory; `batch` is [N, H, W, 3].
  case needsMemory(bytes: Int, available: Int, batch: [Int])
  /// The loss or a parameter is no longer a finite number.
  case diverged(Divergence)

  /// Where and how a run left the finite numbers.
  public struct Divergence: Hashable, Sendable {
    /// What is not finite: "the loss", "a parameter".
    public var what: String
    /// The epoch, from 1.
    public var epoch: Int
    /// The step over the whole run, from 1.
    public var step: Int
    /// The rate of that step.
    public var rate: Float
    /// The step of the last state that was saved; nil if there is none.
    public var saved: Int?

    /// A divergence.
    public init(what: String, epoch: Int, step: Int, rate: Float, saved: Int?) {
      self.what = what
      self.epoch = epoch
      self.step = step
      self.rate = rate
      self.saved = saved
    }
  }
}

extension TrainingError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .unreadableRecipe(let path, let reason): "\(path): is not a recipe: \(reason)"
    case .unknownField(let path, let field, let nearest):
      "\(path): '\(field)' means nothing in a recipe; the nearest are \(nearest.joined(separator: ", "))"
    case .field(let path, let field, let reason): "\(path): \(field) \(reason)"
    case .nothingLoaded(let path, let tensors, let wanted):
      "\(path): none of its \(tensors.count) tensors\(Self.example(tensors)) has name and shape of one of the "
        + "network's \(wanted.count)\(Self.example(wanted)), so that nothing would be loaded"
    case .channels(let network, let input):
      "the network reads \(network) channels, but input.mean and input.std of the recipe have \(input) numbers"
        + (network == 1 ? "; give one each for grey levels, such as mean: [0.449] and std: [0.226]" : "")
    case .differentClasses(let train, let validation, let reason):
      "\(validation): has other classes than \(train): \(reason)"
    case .unknownClasses(let path, let reason): "\(path): does not fit the model: \(reason)"
    case .noHead(let model): "\(model): has no head that is understood, so that there are no classes to score"
    case .runExists(let folder): "\(folder): holds a run already (--resume continues it, --force replaces it)"
    case .noRun(let folder): "\(folder): holds no saved run to continue"
    case .runInUse(let folder): "\(folder): another process is at work on the run in it"
    case .dataChanged(let folder, let reason): "\(folder): cannot be continued with other data: \(reason)"
    case .recipeChanged(let folder, let field, let was, let now):
      "\(folder): cannot be continued with another recipe: \(field) was \(was) and is \(now) now"
    case .damagedRun(let path, let reason): "\(path): cannot be continued from: \(reason)"
    case .needsMemory(let bytes, let available, let batch):
      "a batch of \(batch[0]) images of \(batch[1]) × \(batch[2]) pixels would take more than \(bytes >> 20) MiB, and "
        + "there are \(available >> 20); choose a smaller batch, and as much more accumulate"
    case .diverged(let found):
      "\(found.what) is not finite at step \(found.step) (epoch \(found.epoch), learning rate \(found.rate)); "
        + (found.saved.map { "the state of step \($0) is kept" } ?? "nothing was saved before")
        + "; a lower rate or a longer warm-up may help"
    }
  }

  /// The first name, in brackets.
  private static func example(_ names: [String]) -> String { names.first.map { " ('\($0)' …)" } ?? "" }
}
