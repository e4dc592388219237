import Images

/// How a depth sum becomes a mask, named in full so that a score can be told from another.
public struct MaskProtocol: Hashable, Sendable {
  /// Where the threshold is taken.
  public enum Resolution: String, CaseIterable, Sendable, Codable {
    /// On the map after it was resized to the picture.
    case image
    /// On the network's own map, whose mask is then resized by nearest neighbour, as SCDA does.
    case featureMap = "feature-map"
  }

  /// The level above which attention lies.
  public var threshold: Threshold
  /// Where the level is taken.
  public var resolution: Resolution
  /// Which parts are kept.
  public var component: ComponentRule
  /// Which neighbours belong together.
  public var connectivity: Connectivity

  /// The default protocol: strictly above the mean of the resized map, all parts.
  public init(
    threshold: Threshold = .mean, resolution: Resolution = .image, component: ComponentRule = .all,
    connectivity: Connectivity = .eight
  ) {
    self.threshold = threshold
    self.resolution = resolution
    self.component = component
    self.connectivity = connectivity
  }

  /// The mask of a depth sum on a picture of `width` × `height`, and the level that was used.
  public func mask(of map: FloatMap, width: Int, height: Int) -> (mask: Mask, level: Float) {
    switch resolution {
    case .image:
      let resized = map.resized(width: width, height: height)
      let level = threshold.level(of: resized)
      return (resized.mask(above: level).keeping(component, connectivity: connectivity), level)
    case .featureMap:
      let level = threshold.level(of: map)
      let kept = map.mask(above: level).keeping(component, connectivity: connectivity)
      return (kept.resized(width: width, height: height), level)
    }
  }
}
