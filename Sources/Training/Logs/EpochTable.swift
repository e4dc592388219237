import Files

/// A CSV file with one row for each epoch.
final class EpochTable: TrainingLog {
  static let name = "epochs.csv"
  static let header =
    "epoch,step,rate,train_loss,train_top1,validation_loss,validation_top1,validation_top5,train_seconds,"
    + "validation_seconds,images_per_second"

  let file: LogFile

  /// A table in a folder that goes on behind its first bytes.
  init(folder: String, keeping count: Int) throws {
    file = try LogFile(path: folder + "/" + Self.name, keeping: count)
    if file.count == 0 { try file.append(Self.header) }
  }

  func observe(_ event: TrainingEvent, in run: TrainingRun) throws {
    guard case .epochEnded(let report) = event else { return }
    let validation = report.validation
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    let fields = [
      "\(report.epoch)", "\(report.step)", "\(report.rate)", text(report.trainLoss), text(report.trainTop1),
      text(validation?.loss), text(validation?.top1), text(validation?.top5), text(report.trainSeconds),
      text(validation?.seconds), text(report.imagesPerSecond),
    ]
    try file.append(fields.joined(separator: ","))
  }
}
