extension Manifest {
  /// What a figure shows.
  public struct Figure: Codable, Sendable {
    /// A model of several, under a name.
    public typealias NamedModel = Localisation.NamedModel

    /// One training run.
    public struct Run: Codable, Sendable {
      /// What the figure calls it.
      public var name: String
      /// Its folder.
      public var path: String
      /// Epochs that are over.
      public var epochs: Int
      /// Its reduction ratios from the first stage to the last; none without an encoder-decoder path.
      public var reductionRatios: [Double]?
      /// Top-1 on the validation pictures, from 0 to 1, if it is shown.
      public var top1: Double?

      /// The record of a run.
      public init(
        name: String, path: String, epochs: Int, reductionRatios: [Double]? = nil, top1: Double? = nil
      ) {
        self.name = name
        self.path = path
        self.epochs = epochs
        self.reductionRatios = reductionRatios
        self.top1 = top1
      }
    }

    /// The paper's number, or `curves`.
    public var name: String
    /// The block, as it was asked for.
    public var block: String?
    /// `light` or `dark`.
    public var theme: String
    /// The models, where there may be several.
    public var models: [NamedModel]?
    /// The training runs.
    public var runs: [Run]?

    /// The record of a figure.
    public init(name: String, theme: String) {
      self.name = name
      self.theme = theme
    }
  }
}
