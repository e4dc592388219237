import Files

/// The epochs of a run as its table tells them.
public enum EpochHistory {
  /// Reads the table of a run's folder. A last line that is not whole is left out, because the run may be about to
  /// write it.
  /// - Throws: `FileError`, also for another line that is none of such a table.
  public static func read(folder: String) throws(FileError) -> [EpochReport] {
    let path = folder + "/" + EpochTable.name
    let lines = TextFile.names(in: try FileBytes.read(path)).split(whereSeparator: \.isNewline)
    let reports = lines.dropFirst().map { EpochReport(tableRow: $0) }
    if let odd = reports.dropLast().firstIndex(where: { $0 == nil }) {
      throw .unreadable(path: path, reason: "line \(odd + 2) is not that of an epoch")
    }
    var best = -1.0
    return reports.compactMap { report in
      guard var report else { return nil }
      if let top1 = report.validation?.top1, top1 > best {
        best = top1
        report.isBest = true
      }
      return report
    }
  }
}

extension EpochReport {
  fileprivate init?(tableRow line: Substring) {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    let values = fields.map { Double($0) }
    guard fields.count == 11, let epoch = Int(fields[0]), let step = Int(fields[1]),
      let rate = Float(fields[2]),
      let loss = values[3], let top1 = values[4], let seconds = values[8], let speed = values[10]
    else { return nil }
    self.init(
      epoch: epoch, step: step, rate: rate, trainLoss: loss, trainTop1: top1, trainSeconds: seconds,
      imagesPerSecond: speed, validation: nil, isBest: false)
    if let loss = values[5], let top1 = values[6], let top5 = values[7], let seconds = values[9] {
      validation = Validation(loss: loss, top1: top1, top5: top5, seconds: seconds)
    }
  }
}
