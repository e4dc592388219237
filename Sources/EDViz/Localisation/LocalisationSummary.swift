/// What came of all pictures of a run.
public struct LocalisationSummary {
  /// Pictures that were scored.
  public private(set) var count = 0
  /// Files without a score.
  public private(set) var unscored: [Manifest.Localisation.Unscored] = []
  private let settings: [LocalisationRun.Setting]
  private var means: [LocalisationMeans]
  private var trivial = [LocalisationMeans](repeating: LocalisationMeans(), count: TrivialMask.allCases.count)
  private var kinds: [String: Int] = [:]

  /// A summary of nothing yet.
  public init(_ settings: [LocalisationRun.Setting]) {
    self.settings = settings
    means = settings.map { _ in LocalisationMeans() }
  }

  /// Counts a picture.
  public mutating func add(_ scored: LocalisationRun.Scored) {
    count += 1
    for (index, score) in scored.scores.enumerated() { means[index].add(score) }
    for (index, score) in scored.trivial.enumerated() { trivial[index].add(score) }
  }

  /// Counts a file without a score.
  public mutating func add(_ error: any Error, at path: String) {
    unscored.append(Manifest.Localisation.Unscored(path: path, reason: "\(error)"))
    kinds[(error as? LocalisationError)?.kind ?? "unusable", default: 0] += 1
  }

  /// A sentence about the files without a score: "3 without mask, 1 unusable; 20 pictures were scored".
  public var shortfall: String {
    let parts = kinds.sorted { $0.key > $1.key }.map { "\($0.value) \($0.key)" }
    return parts.joined(separator: ", ") + "; \(count == 0 ? "no" : "\(count)") "
      + (count == 1 ? "picture was scored" : "pictures were scored")
  }

  /// The record of the run.
  /// - Parameter boxEnds: how boxes were read; none if objects were marked by masks.
  public func record(boxEnds: BoxList.Ends?) -> Manifest.Localisation {
    Manifest.Localisation(
      objects: boxEnds == nil ? "masks" : "boxes",
      reading: boxEnds.map { "x1 and y1 \($0.rawValue); as a mask, the filled box" }
        ?? "pixels brighter than half",
      interpolation: "picture: bilinear with antialiasing in 8 bits, as Pillow", count: count,
      rows: zip(settings, means).map { setting, means in
        Manifest.Localisation.Row(
          name: setting.branch.name, block: setting.block, inputSize: setting.inputSize, means: means)
      },
      trivial: zip(TrivialMask.allCases, trivial).map { mask, means in
        Manifest.Localisation.Row(name: mask.title, block: nil, inputSize: nil, means: means)
      },
      unscored: unscored)
  }
}
