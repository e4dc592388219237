import Datasets
import Figures
import Reports
import Training

/// Writes what `edviz evaluate classification` finds.
public enum ClassificationFiles {
  /// More classes than this make no readable matrix.
  private static let mostDrawn = 300

  /// Writes the confusion matrix and the table of classes as CSV, and the matrix as a picture (SVG and PNG), as far as
  /// there are not too many classes for them.
  public static func write(
    _ score: ClassificationScore, names: [String], title: String, to folder: ResultFolder
  ) throws {
    if let matrix = score.confusionCSV(names: names) {
      try folder.write(Array(matrix.utf8), to: "confusion.csv")
    }
    try folder.write(Array(score.tableCSV(names: names).utf8), to: "classes.csv")
    guard score.classes <= mostDrawn else { return }
    let counts = (0..<score.classes).map { row in
      Array(score.confusion[row * score.classes..<(row + 1) * score.classes])
    }
    let figure = ConfusionMatrixFigure(
      counts: counts, names: score.rows(names: names).map(\.name), title: title)
    let canvas = figure.canvas()
    try folder.write(Array(try canvas.svg(title: "confusion matrix of \(title)").utf8), to: "confusion.svg")
    try folder.write(try canvas.image(scale: 2).encodedPNG(), to: "confusion.png")
  }

  /// The record of a score.
  public static func record(
    _ score: ClassificationScore, names: [String], source: DatasetSource, unreadable: Int
  ) -> Manifest.Classification {
    Manifest.Classification(
      data: source.path, split: source.split?.rawValue, count: score.count, unreadable: unreadable,
      top1: score.top1Share, top5: score.top5Share, lossKind: score.loss.rawValue, loss: score.meanLoss,
      classes: score.rows(names: names).map {
        Manifest.Classification.Row(
          name: $0.name, count: $0.count, predicted: $0.predicted, top1: $0.top1, precision: $0.precision)
      })
  }
}
