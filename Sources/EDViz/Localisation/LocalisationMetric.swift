/// What a setting is judged by over all pictures.
public enum LocalisationMetric: String, CaseIterable, Codable, Sendable {
  /// IoU of masks and objects, over pictures or over pixels.
  case maskIoU = "mask_iou"
  /// Mean IoU of the boxes around masks and of objects.
  case boxIoU = "box_iou"
  /// Share of pictures where that is above ½.
  case boxIoUAboveHalf = "box_iou_above_half"
  /// Mean IoU of the boxes around the masks' largest parts and of objects.
  case largestBoxIoU = "largest_box_iou"
  /// Share of pictures where that is above ½.
  case largestBoxIoUAboveHalf = "largest_box_iou_above_half"
  /// Mean over pictures of the average precision of their pixels.
  case averagePrecision = "average_precision"
  /// Share of pictures whose maximum lies on the object.
  case pointing
  /// Mean share of the positive map on the object.
  case energy
  /// Mean over pictures with visible parts of the share of them inside the mask.
  case partHits = "part_hits"
  /// Share of pictures whose most probable class is theirs.
  case accuracy

  /// What it is called in tables.
  public var title: String {
    switch self {
    case .maskIoU: "mask IoU"
    case .boxIoU: "box IoU"
    case .boxIoUAboveHalf, .largestBoxIoUAboveHalf: "> 0.5"
    case .largestBoxIoU: "largest box IoU"
    case .averagePrecision: "pixel AP"
    case .pointing: "pointing"
    case .energy: "energy"
    case .partHits: "parts"
    case .accuracy: "top-1"
    }
  }

  /// Whether it is a share of pictures or parts, and so written in per cent.
  public var isShare: Bool {
    switch self {
    case .boxIoUAboveHalf, .largestBoxIoUAboveHalf, .pointing, .partHits, .accuracy: true
    default: false
    }
  }

  /// What each picture adds to it.
  func column(_ scores: LocalisationScores, setting: Int, averaging: IoUAveraging) -> RatioColumn {
    func values(_ column: LocalisationScores.Column) -> [Double] { scores.values(column, setting: setting) }
    func mean(_ column: LocalisationScores.Column) -> RatioColumn { RatioColumn(meanOf: values(column)) }
    func above(_ column: LocalisationScores.Column) -> RatioColumn {
      RatioColumn(meanOf: values(column).map { $0.isNaN ? $0 : $0 > 0.5 ? 1 : 0 })
    }
    switch self {
    case .maskIoU:
      guard averaging == .pixels else { return mean(.maskIoU) }
      return RatioColumn(numerators: values(.intersection), denominators: values(.union))
    case .boxIoU: return mean(.boxIoU)
    case .boxIoUAboveHalf: return above(.boxIoU)
    case .largestBoxIoU: return mean(.largestBoxIoU)
    case .largestBoxIoUAboveHalf: return above(.largestBoxIoU)
    case .averagePrecision: return mean(.averagePrecision)
    case .pointing: return mean(.pointing)
    case .energy: return mean(.energy)
    case .partHits:
      return RatioColumn(
        meanOf: zip(values(.partsHit), values(.partsVisible)).map { $1 > 0 ? $0 / $1 : .nan })
    case .accuracy: return mean(.correct)
    }
  }
}
