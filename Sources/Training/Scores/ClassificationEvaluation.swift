import Datasets
import EDNets
import Networks

/// A model before the labelled pictures that it shall be scored on.
public struct ClassificationEvaluation {
  /// Pictures.
  public var images: Int { feed.images }
  /// Batches of all pictures.
  public var batches: Int { feed.batches }
  /// What the logits are called.
  public let classes: [String]
  /// What a reader should know.
  public private(set) var remarks: [String] = []
  private let model: Model
  private let feed: BatchFeed
  /// The logit of each class of the dataset.
  private let logits: [Int]

  /// Opens the pictures. Their classes are found among the model's by name; where no name is known to both, by
  /// position, if there are as many.
  /// - Parameter maxUnreadable: the share of pictures that may be unreadable before scoring ends.
  /// - Throws: `DatasetError`, `TrainingError.noHead`, `.unknownClasses`, or `ModelError.notForPhotographs`.
  public init(_ model: Model, data source: DatasetSource, batch: Int, maxUnreadable: Double = 1) throws {
    guard model.network.hasHead else { throw TrainingError.noHead(model: model.name) }
    let (graph, output) = (model.network.graph, model.network.logits)
    try model.checkReadsPhotographs()
    let evaluator = Evaluator(graph)
    let channels = model.preprocessing.channels
    feed = try BatchFeed(
      evaluating: source, part: .test, preprocessing: model.preprocessing, batch: batch,
      maxUnreadable: maxUnreadable, isUsable: { evaluator.fits([output], images: [1, $1, $0, channels]) })
    self.model = model
    let counts = feed.imagesOfClasses
    let match = try ClassMatch(
      feed.classes, having: counts, among: model.classes, logits: model.network.description.classes,
      path: source.path)
    logits = match.logits
    classes = model.classes.isEmpty ? feed.classes : model.classes
    remarks = feed.remarks + match.remarks
    if match.isByName {
      // Classes of the model that the data has no folder for; those with an empty folder were told already.
      let absent = Set(model.classes).subtracting(feed.classes)
      if !absent.isEmpty {
        let names = model.classes.filter(absent.contains)
        let text = Quoted.brief(names, of: model.classes.count)
        remarks.append("\(source.path): there are no pictures of \(text), which the model knows")
      }
    }
  }

  /// Scores all pictures; the label of each is the position of its class among `classes`.
  /// - Returns: nil if it was asked to stop before the end.
  /// - Throws: `DatasetError`, `EngineError`, and what `advanced` throws.
  public func score(
    loss: Loss = .softmax, stop: StopRequest = StopRequest(),
    advanced: (_ batches: Int) throws -> Void = { _ in }
  ) throws -> ClassificationScore? {
    try feed.score(model.network, loss: loss, labels: logits, stop: stop, advanced: advanced)
  }

  /// The pictures that could not be read.
  public var badImages: [BatchLoader.BadImage] { feed.bad() }
}
