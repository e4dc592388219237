extension NetworkDescription {
  /// What a reader should know of a network that was told from weights.
  /// - Parameter isTold: whether the user or the file's metadata said which network it is.
  func remarks(name: String, isTold: Bool) -> [String] {
    var remarks: [String] = []
    if !isTold {
      remarks.append(
        "taken for \(name); if it differs where weights tell nothing, say --variant \(openWords), else --variant plain"
      )
    }
    if stem.channels == 1 {
      remarks.append("its network reads one channel: photographs are made grey")
    }
    return remarks
  }

  /// The variants that the network may be of, because they have no parameters.
  private var openWords: String {
    var words: [String] = []
    let hasSteps = stages.dropFirst().contains { $0.stride > 1 }
    if hasSteps, transform is BottleneckTransform { words.append("caffe") }
    if hasSteps, !(transform is Res2NetTransform), !preactivation { words += ["blur", "average"] }
    if hasSteps, stem.maxPool { words += ["dilated-8", "dilated-16"] }
    return (words + ["silu", "gelu", "leaky"]).joined(separator: ", ") + " or eps-VALUE"
  }

  /// Makes sure that preprocessing makes as many channels as the network reads, if photographs can at all.
  func check(_ preprocessing: Preprocessing, path: String) throws(ModelError) {
    guard [1, 3].contains(stem.channels), preprocessing.channels != stem.channels else { return }
    throw .unreadable(
      path: path, part: "the preprocessing",
      reason:
        "its mean has \(preprocessing.channels) numbers, but the network reads \(stem.channels) channels")
  }
}

extension Model {
  /// Makes sure that photographs have what the network reads.
  /// - Throws: `ModelError.notForPhotographs`.
  public func checkReadsPhotographs() throws(ModelError) {
    let channels = network.description.stem.channels
    guard channels == preprocessing.channels else {
      throw .notForPhotographs(name: name, channels: channels)
    }
  }
}
