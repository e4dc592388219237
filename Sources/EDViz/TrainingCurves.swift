import Figures
import Training

/// Draws loss and error of a run over its epochs, `curves.svg` and `curves.png`, after each of them.
public final class TrainingCurves: TrainingObserver {
  /// The pictures' names in the folder of the run.
  public static let names = ["curves.svg", "curves.png"]

  /// An observer of one run.
  public init() {}

  /// The pictures.
  public var outputs: [String] { Self.names }

  /// Draws anew after each epoch, from the table, so that a run that was continued has all its epochs.
  public func observe(_ event: TrainingEvent, in run: TrainingRun) throws {
    guard case .epochEnded = event else { return }
    let points = try EpochHistory.read(folder: run.path).map(EpochPoint.init)
    let title = "\(run.recipe.name)"
    let canvas = LineChart.learningCurves(title: title, points).canvas()
    for name in Self.names { try canvas.write(to: run.path + "/" + name, title: title) }
  }
}
