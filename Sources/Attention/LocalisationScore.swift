import Images

/// Where the object of a picture is, as someone marked it.
public struct MarkedObject: Hashable, Sendable {
  /// Its pixels; where only a box was marked, all in the box. As large as the picture.
  public let mask: Mask
  /// Its box, if that is what was marked.
  public let box: Box?

  /// An object whose pixels were marked.
  public init(mask: Mask) {
    self.mask = mask
    box = nil
  }

  /// An object of which a box was marked, in a picture of `width` × `height`.
  public init(box: Box, width: Int, height: Int) {
    mask = Mask(filling: box, width: width, height: height)
    self.box = box
  }
}

/// How well one mask lies on the object of one picture.
public struct LocalisationScore: Hashable, Sendable {
  /// Share of the picture inside the mask.
  public let areaShare: Double
  /// IoU of the mask and the object's pixels, or its filled box.
  public let mask: Double
  /// IoU of the boxes around the mask and around the object, if a box was marked; 0 if the mask is empty.
  public let box: Double?
  /// The same with the box around the mask's largest part alone.
  public let largestBox: Double?
}

extension MarkedObject {
  /// How well a box, as a mask, lies on the object.
  public func score(of box: Box) -> LocalisationScore {
    let filled = Mask(filling: box, width: mask.width, height: mask.height)
    let overlap = self.box.map { box.intersectionOverUnion(with: $0) }
    return LocalisationScore(
      areaShare: filled.areaShare, mask: filled.intersectionOverUnion(with: mask), box: overlap,
      largestBox: overlap)
  }

  /// How well the attention in a depth sum lies on the object.
  /// - Parameters:
  ///   - map: the depth sum of the part of the picture that the network saw.
  ///   - region: that part; the rest of the picture counts as without attention.
  ///   - rule: how the mask is made. The two boxes are those of all parts and of the largest, whichever it keeps.
  public func score(of map: FloatMap, in region: Box, rule: MaskProtocol) -> LocalisationScore {
    func made(_ component: ComponentRule) -> Mask {
      var rule = rule
      rule.component = component
      let seen = rule.mask(of: map, width: region.width, height: region.height).mask
      return seen.placed(at: region, inWidth: mask.width, height: mask.height)
    }
    guard let box else {
      let attention = made(rule.component)
      return LocalisationScore(
        areaShare: attention.areaShare, mask: attention.intersectionOverUnion(with: mask), box: nil,
        largestBox: nil)
    }
    let (all, largest) = (made(.all), made(.largest))
    let attention = rule.component == .all ? all : largest
    func overlap(_ mask: Mask) -> Double { mask.boundingBox?.intersectionOverUnion(with: box) ?? 0 }
    return LocalisationScore(
      areaShare: attention.areaShare, mask: attention.intersectionOverUnion(with: mask), box: overlap(all),
      largestBox: overlap(largest))
  }
}
