import Attention
import EDNets

extension Manifest {
  /// What the activations of a model's branches are like over many pictures.
  public struct Statistics: Codable, Sendable {
    /// One branch of one block.
    public struct Row: Codable, Sendable {
      /// The block, under torchvision's name.
      public var block: String
      /// The block, under the paper's name.
      public var paperName: String
      /// The branch.
      public var branch: String
      /// Channels.
      public var channels: Int
      /// Pictures that were counted.
      public var pictures: Int
      /// Pictures that were left out because some values are not finite.
      public var notFinite: Int
      /// Share of all values that are above 0.
      public var positiveShare: Double
      /// Standard deviation over pictures of the share of each.
      public var positiveShareDeviation: Double
      /// Mean of all values.
      public var mean: Double
      /// Root of their mean square.
      public var rootMeanSquare: Double
      /// Mean of their absolute values.
      public var meanAbsolute: Double
      /// `rootMeanSquare` over that of the block's shortcut; none if x is 0 everywhere.
      public var rootMeanSquareToX: Double?
      /// `meanAbsolute` over that of the block's shortcut.
      public var meanAbsoluteToX: Double?
      /// Whether values come from a ReLU.
      public var isRectified: Bool
      /// Channels that are never above 0 if rectified, else never change.
      public var deadChannels: Int
      /// Mean over pictures of Hoyer's sparsity.
      public var hoyer: Double
      /// Its standard deviation.
      public var hoyerDeviation: Double
      /// Mean over pictures of the spatial entropy of the depth sum, in bits.
      public var entropyBits: Double
      /// Mean over pictures of that over log₂ of the number of cells.
      public var relativeEntropy: Double
      /// Pictures whose depth sum is nowhere above 0, and so has no entropy.
      public var withoutPositivePart: Int
      /// Mean over pictures of the share of the depth sum's variance at the highest frequency of either axis; none if no
      /// map has a variance.
      public var chessboard: Double?
      /// Its standard deviation.
      public var chessboardDeviation: Double?
      /// The mean share of what alternates from column to column.
      public var chessboardColumns: Double?
      /// The mean share of what alternates from row to row.
      public var chessboardRows: Double?
      /// What the share is expected to be of white noise on maps of the same sizes.
      public var whiteNoise: Double?

      /// Whether the highest frequency is stronger than in white noise: holes and dots in the map are those of the network.
      public var isChessboard: Bool {
        guard let chessboard, let whiteNoise else { return false }
        return chessboard > whiteNoise
      }

      /// The record of a row.
      public init(_ row: ActivationStatistics.Row, of statistics: ActivationStatistics) {
        let (found, total) = (statistics[row], statistics[row].total)
        let ratios = statistics.ratios(row)
        block = row.block.name
        paperName = row.block.paperName
        branch = row.branch.name
        channels = found.channels.count
        pictures = found.pictures
        notFinite = found.notFinite
        positiveShare = total.positiveShare
        positiveShareDeviation = found.positiveShares.mean.standardDeviation
        mean = total.mean
        rootMeanSquare = total.rootMeanSquare
        meanAbsolute = total.meanAbsolute
        rootMeanSquareToX = ratios?.rootMeanSquare
        meanAbsoluteToX = ratios?.meanAbsolute
        isRectified = found.isRectified
        deadChannels = found.deadChannels.count { $0 }
        hoyer = found.sparsity.mean.mean
        hoyerDeviation = found.sparsity.mean.standardDeviation
        entropyBits = found.entropy.mean
        relativeEntropy = found.relativeEntropy.mean.mean
        withoutPositivePart = found.withoutPositivePart
        if found.chessboard.mean.count > 0 {
          chessboard = found.chessboard.mean.mean
          chessboardDeviation = found.chessboard.mean.standardDeviation
          chessboardColumns = found.chessboardColumns.mean
          chessboardRows = found.chessboardRows.mean
          whiteNoise = found.whiteNoise.mean
        }
      }
    }

    /// Where the pictures are.
    public var data: String
    /// Which part of them.
    public var split: String?
    /// Pictures that were looked at.
    public var count: Int
    /// How sparsity is computed, for each picture.
    public var sparsity = "Hoyer: (√n − Σ|x| / √Σx²) / (√n − 1)"
    /// How entropy is computed, for each picture.
    public var entropy = "−Σ p log₂ p over cells, p = depth sum's positive part over its sum"
    /// What magnitudes are compared with.
    public var reference = "the shortcut's result in the same block"
    /// What a dead channel is.
    public var dead = "rectified: never above 0; else: standard deviation at most 1e-6 of the branch's RMS"
    /// What a chessboard is, for each picture.
    public var chessboard =
      "share of the depth sum's variance where neighbours alternate along either axis; smooth maps have next to none"
    /// A row for each block and branch.
    public var rows: [Row]

    /// The record of statistics.
    public init(_ statistics: ActivationStatistics, data: String, split: String?, count: Int) {
      self.data = data
      self.split = split
      self.count = count
      rows = statistics.rows.map { Row($0, of: statistics) }
    }
  }
}
