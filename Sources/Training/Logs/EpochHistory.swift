import Files

/// The epochs of a run as its table tells them.
public enum EpochHistory {
  /// Reads the table of a run's folder. A last line without its end is left out, because the run may be about to write
  /// it.
  /// - Throws: `FileError`, also for a line that is none of such a table.
  public static func read(folder: String) throws(FileError) -> [EpochReport] {
    let path = folder + "/" + EpochTable.name
    let text = TextFile.names(in: try FileBytes.read(path, limit: 256 << 20))
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let last = lines.removeLast()
    guard lines.first.map(isHeading) ?? EpochTable.header.hasPrefix(last) else {
      throw .unreadable(path: path, reason: "line 1 is not the heading of a table of epochs")
    }
    var reports: [EpochReport] = []
    var best = -1.0
    for (position, line) in (lines + [last]).enumerated().dropFirst() where !line.isEmpty {
      guard var report = EpochReport(tableRow: line) else {
        if position == lines.count { break }
        throw .unreadable(path: path, reason: "line \(position + 1) is not that of an epoch")
      }
      if let top1 = report.validation?.top1, top1 > best {
        best = top1
        report.isBest = true
      }
      reports.append(report)
    }
    return reports
  }

  private static func isHeading(_ line: Substring) -> Bool {
    line.hasPrefix("epoch,") && line.split(separator: ",").count == 11
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
