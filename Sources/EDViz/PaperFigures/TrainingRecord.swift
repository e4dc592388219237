import Figures
import Training

/// A training run as its folder tells it.
public struct TrainingRecord {
  /// What figures call it.
  public let name: String
  /// Its folder.
  public let path: String
  /// Its epochs.
  public let epochs: [EpochReport]

  /// Reads the table of epochs.
  /// - Throws: `FileError`, `RunFigureError.noEpochs`.
  public init(folder: String, name: String) throws {
    (self.name, path) = (name, folder)
    guard Folders.kind(of: folder) != nil else { throw FileError.notFound(path: folder) }
    epochs = try EpochHistory.read(folder: folder)
    guard !epochs.isEmpty else { throw RunFigureError.noEpochs(run: folder) }
  }

  /// Its epochs as charts take them.
  public var points: [EpochPoint] { epochs.map(EpochPoint.init) }

  /// The network and the size of its images: what the manifest says, or before the end of the run the recipe.
  /// - Throws: `RunFigureError.noNetwork`.
  public func network() throws -> (description: NetworkDescription, input: Size2D) {
    do {
      if let manifest = try? Manifest(contentsOf: "\(path)/\(ResultFolder.manifestName)"),
        let model = manifest.model
      {
        try model.network.validate()
        guard model.preprocessing.isUsable else {
          throw RunFigureError.noNetwork(run: path, reason: "the preprocessing in its record cannot be used")
        }
        return (model.network, Size2D(model.preprocessing.size))
      }
      let recipe = try Recipe(contentsOf: path + "/recipe.yaml")
      // No ratio depends on the number of classes.
      return (try recipe.network.description(classes: 10), Size2D(recipe.input.size))
    } catch let error as RunFigureError {
      throw error
    } catch {
      throw RunFigureError.noNetwork(run: path, reason: "\(error)")
    }
  }
}

/// What can be wrong with training runs that a figure is to show.
public enum RunFigureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No epoch is over.
  case noEpochs(run: String)
  /// No epoch was checked with validation pictures.
  case noValidation(run: String)
  /// Neither manifest nor recipe tell the network.
  case noNetwork(run: String, reason: String)
  /// No network has an encoder-decoder path.
  case noRatios
  /// A network has fewer stages.
  case absentStage(run: String, stage: Int, stages: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .noEpochs(let run): "\(run): no epoch of the run is over"
    case .noValidation(let run): "\(run): no epoch of the run was checked with validation pictures"
    case .noNetwork(let run, let reason): "\(run): its network cannot be told: \(reason)"
    case .noRatios: "no network of the runs has an encoder-decoder path, so that there is no reduction ratio"
    case .absentStage(let run, let stage, let stages):
      "\(run): there is no stage \(stage); the network has \(stages)"
    }
  }
}

extension EpochPoint {
  /// What charts show of an epoch.
  init(_ report: EpochReport) {
    self.init(
      epoch: report.epoch, trainLoss: report.trainLoss, validationLoss: report.validation?.loss,
      trainTop1: report.trainTop1, validationTop1: report.validation?.top1, rate: Double(report.rate))
  }
}
