@testable import EDNets
@testable import EDViz
@testable import Files
@testable import Reports
@testable import Tensors
@testable import Training

extension FuzzTarget {
  /// What an evaluation leaves behind that was stopped: its state and both tables; and what it does with that when it
  /// goes on.
  static let evaluation = FuzzTarget(
    "evaluation-state",
    seeds: ["Tests/Fuzzing/Seeds/evaluation-state/*"],
    words: Words.json + [
      "\"next\":", "\"tableBytes\":", "\"unscoredBytes\":", "\"scored\":", "\"unscored\":", "\"missing\":",
      "\"count\":",
      "\"intersections\":", "\"unions\":", "\"kinds\":",
    ]
  ) { bytes in
    let names = ["evaluation.state.json", "pictures.csv.partial", "unscored.csv.partial"]
    let files = Array(zip(names, parts(bytes, atMost: names.count))).map { (name: $0, bytes: $1) }
    try withFiles(files) { path in
      let journal = try LocalisationJournal(
        folder: ResultFolder(named: path, force: false), settings: settings, fingerprint: "seed",
        resumes: true,
        force: false)
      precondition(journal.next >= 0, "pictures are counted from 0")
      _ = try? journal.scores()
      _ = journal.counts.shortfall
      for curve in journal.curves { _ = (curve.best(.pictures), curve.best(.pixels)) }
      try journal.append("a picture", .failure(FileError.notFound(path: "a picture")))
      try journal.finish()
      journal.close()
    }
  }

  /// The state of a training run. A tensor file is there that it may name, without a tensor in it.
  static let training = FuzzTarget(
    "training-state",
    seeds: ["Tests/Fuzzing/Seeds/training-state/*"],
    words: Words.json + [
      "\"generation\":", "\"epoch\":", "\"batch\":", "\"step\":", "\"count\":", "\"logs\":",
      "\"average\":",
    ]
  ) { bytes in
    let weights: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)
    let files = [
      (name: RunFolder.stateName, bytes: bytes),
      (name: RunFolder.generationsName + "/weights-3.safetensors", bytes: weights),
    ]
    try withFiles(files) { _ = try RunFolder($0).load() }
  }

  /// The record of a run, and what figures take from it.
  static let manifest = FuzzTarget(
    "manifest", seeds: ["Tests/Fuzzing/Seeds/manifest/*"],
    words: Words.json + Words.network + ["\"outputs\":", "\"preprocessing\":", "\"size\":", "\"../\""],
    longest: 16384
  ) { bytes in
    let epoch = Array("epoch,b,c,d,e,f,g,h,i,j,k\n1,2,0.1,1,0.5,1,0.5,0.9,1,1,1\n".utf8)
    try withFiles([(ResultFolder.manifestName, bytes), ("epochs.csv", epoch)]) { folder in
      _ = try ResultFolder(named: folder, force: true)
      let record = try TrainingRecord(folder: folder, name: "run")
      let (description, _) = try record.network()
      guard description.blockCount <= 40 else { return }
      _ = try ReductionFigure([record], choice: .last, stage: nil)
    }
  }
}
