import Images

/// How well one mask, and the map it was made of, lie on the object of one picture. Pixels that the object ignores count
/// nowhere but in `areaShare`: they are taken out of mask, map and object alike, after the mask was made.
public struct LocalisationScore: Hashable, Sendable {
  /// Share of the picture inside the mask.
  public var areaShare: Double
  /// Pixels inside both mask and object.
  public var intersection: Int
  /// Pixels inside mask or object.
  public var union: Int
  /// IoU of the boxes around the mask and of the object; 0 if the mask is empty.
  public var box: Double
  /// The same with the box around the mask's largest part alone.
  public var largestBox: Double
  /// Area under the precision-recall curve of the map's pixels; nil for a mask without a map.
  public var averagePrecision: Double?
  /// Whether the map's maximum lies on the object; nil without a map.
  public var pointing: Bool?
  /// Share of the map's positive sum on the object; nil without a map.
  public var energy: Double?
  /// Visible parts inside the mask; nil if no parts were marked.
  public var partsHit: Int?
  /// Visible parts; nil if no parts were marked.
  public var partsVisible: Int?
  /// Whether the picture's most probable class is its own; nil where that cannot be told.
  public var isCorrect: Bool?

  /// IoU of mask and object, 0 if both are empty.
  public var iou: Double { union > 0 ? Double(intersection) / Double(union) : 0 }
}

extension MarkedObject {
  /// How well a box, as a mask, lies on the object.
  public func score(of box: Box) -> LocalisationScore {
    let filled = Mask(filling: box, width: mask.width, height: mask.height)
    let overlap = overlap(ofBoxAround: filled)
    return score(of: filled, box: overlap, largestBox: overlap)
  }

  /// How well the attention in a depth sum lies on the object, and how well it would with any fixed threshold.
  /// - Parameters:
  ///   - map: the depth sum of the part of the picture that the network saw.
  ///   - region: that part; the rest of the picture counts as without attention, below every value of the map.
  ///   - rule: how the mask is made. The two boxes are those of all parts and of the largest, whichever it keeps.
  ///   - tolerance: how far from the object, in pixels, its maximum may lie in the pointing game.
  public func score(
    of map: FloatMap, in region: Box, rule: MaskProtocol, tolerance: Double = 0
  ) -> (score: LocalisationScore, thresholds: ThresholdCounts) {
    let seen = map.resized(width: region.width, height: region.height)
    func made(_ component: ComponentRule) -> Mask {
      var rule = rule
      rule.component = component
      let made =
        rule.resolution == .image
        ? rule.cut(seen) : rule.mask(of: map, width: seen.width, height: seen.height)
      return made.mask.placed(at: region, inWidth: mask.width, height: mask.height)
    }
    let all = made(.all)
    let largest =
      rule.resolution == .image ? all.keeping(.largest, connectivity: rule.connectivity) : made(.largest)
    var score = score(
      of: rule.component == .all ? all : largest, box: overlap(ofBoxAround: all),
      largestBox: overlap(ofBoxAround: largest))
    let whole = seen.placed(at: region, inWidth: mask.width, height: mask.height)
    score.averagePrecision = whole.averagePrecision(of: mask, ignoring: ignored)
    score.pointing = whole.pointsAt(mask, tolerance: tolerance, ignoring: ignored)
    score.energy = whole.energyShare(inside: mask, ignoring: ignored)
    return (
      score, ThresholdCounts(of: whole, object: mask, ignoring: ignored, comparison: rule.comparison)
    )
  }

  /// IoU of the object's box and the one around what counts of a mask.
  private func overlap(ofBoxAround attention: Mask) -> Double {
    guard let box, let around = attention.subtracting(ignored).boundingBox else { return 0 }
    return around.intersectionOverUnion(with: box)
  }

  private func score(of attention: Mask, box: Double, largestBox: Double) -> LocalisationScore {
    let (both, either) = attention.subtracting(ignored).overlap(with: mask)
    let parts = parts.map { $0.filter { ignored?.contains($0) != true } }
    return LocalisationScore(
      areaShare: attention.areaShare, intersection: both, union: either, box: box, largestBox: largestBox,
      partsHit: parts.map { $0.count(where: attention.contains) }, partsVisible: parts?.count)
  }
}

extension FloatMap {
  /// The map of a part of a picture as one of the whole picture, with −∞ outside of the part.
  fileprivate func placed(at part: Box, inWidth newWidth: Int, height newHeight: Int) -> FloatMap {
    if newWidth == width && newHeight == height { return self }
    var whole = [Float](repeating: -.infinity, count: newWidth * newHeight)
    for y in 0..<height {
      let start = (part.y0 + y) * newWidth + part.x0
      whole.replaceSubrange(start..<start + width, with: values[y * width..<(y + 1) * width])
    }
    return FloatMap(width: newWidth, height: newHeight, values: whole)
  }
}

extension Mask {
  /// Whether the pixel that a point lies in is set; a point outside of the picture is taken to its edge.
  fileprivate func contains(_ point: PicturePoint) -> Bool {
    func pixel(_ place: Double, _ count: Int) -> Int { Int(min(max(place, 0), Double(count - 1))) }
    return values[pixel(point.y, height) * width + pixel(point.x, width)]
  }
}
