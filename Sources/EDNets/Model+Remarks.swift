extension NetworkDescription {
  /// What a reader should know of a network that was told from weights.
  /// - Parameter isTold: whether the user or the file's metadata said which network it is.
  func remarks(name: String, path: String, isTold: Bool) -> [String] {
    var remarks: [String] = []
    if !isTold {
      remarks.append(
        "\(path): \(name) by names and shapes, which leave open \(open.questions); where the network is "
          + "not plain there, say --variant \(open.words), else --variant plain")
    }
    if stem.channels == 1 {
      remarks.append("\(path): its network reads one channel: photographs are made grey")
    }
    return remarks
  }

  /// What has no parameters, and the variants that it may be of.
  private var open: (questions: String, words: String) {
    var (questions, words) = (["activation", "epsilon"], ["silu, gelu, leaky", "eps-VALUE"])
    let hasSteps = stages.dropFirst().contains { $0.stride > 1 }
    if hasSteps, stem.maxPool {
      questions.insert("dilation", at: 0)
      words.insert("dilated-8, dilated-16", at: 0)
    }
    if hasSteps, !(transform is Res2NetTransform) {
      questions.insert("anti-aliasing", at: 0)
      words.insert("blur, average", at: 0)
    }
    if hasSteps, transform is BottleneckTransform {
      questions.insert("the place of steps", at: 0)
      words.insert("caffe", at: 0)
    }
    func list(_ items: [String], _ last: String) -> String {
      items.dropLast().joined(separator: ", ") + last + (items.last ?? "")
    }
    return (list(questions, " and "), list(words, " or "))
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
