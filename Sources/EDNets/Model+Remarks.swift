extension NetworkDescription {
  /// What weights leave open, and how to say it: the end of a sentence.
  var variantQuestion: String {
    "if it differs where weights tell nothing, say --variant \(openWords), else --variant plain"
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
