import Files

/// The epochs of a run as its table tells them.
public enum EpochHistory {
  /// Reads the table of a run's folder; lines that are not whole are left out.
  public static func read(folder: String) throws(FileError) -> [EpochReport] {
    let bytes = try FileBytes.read(folder + "/" + EpochTable.name)
    var best = -1.0
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
      guard var report = EpochReport(tableRow: line) else { return nil }
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
