import Images

/// How a depth sum becomes a mask, named in full so that a score can be told from another.
public struct MaskProtocol: Hashable, Sendable {
  /// Where the threshold is taken.
  public enum Resolution: String, CaseIterable, Sendable, Codable {
    /// On the map after it was resized to the picture.
    case image
    /// On the network's own map, whose mask is then resized, as SCDA does.
    case featureMap = "feature-map"
  }

  /// How a value must lie to the threshold to be attention.
  public enum Comparison: String, CaseIterable, Sendable, Codable {
    /// Strictly above.
    case above
    /// Above, or equal.
    case atLeast = "at-least"

    /// Whether a value is attention; NaN never is.
    @inline(__always)
    public func holds(_ value: Float, _ level: Float) -> Bool {
      self == .above ? value > level : value >= level
    }
  }

  /// How a mask that was made on the network's own map is brought to the picture's size.
  public enum Resizing: String, CaseIterable, Sendable, Codable {
    /// Each pixel takes the position that its centre lies in.
    case nearest
    /// As a map of 0 and 1, bilinearly with half-pixel centres; what comes out above ½ is inside.
    case bilinear
  }

  /// The level above which attention lies.
  public var threshold: Threshold
  /// Whether a value at that level is attention.
  public var comparison: Comparison
  /// Where the level is taken.
  public var resolution: Resolution
  /// Which parts are kept.
  public var component: ComponentRule
  /// Which neighbours belong together.
  public var connectivity: Connectivity
  /// How masks of the network's own map are resized.
  public var resizing: Resizing

  /// The default protocol: strictly above the mean of the resized map, all parts.
  public init(
    threshold: Threshold = .mean, comparison: Comparison = .above, resolution: Resolution = .image,
    component: ComponentRule = .all, connectivity: Connectivity = .eight, resizing: Resizing = .nearest
  ) {
    self.threshold = threshold
    self.comparison = comparison
    self.resolution = resolution
    self.component = component
    self.connectivity = connectivity
    self.resizing = resizing
  }

  /// The mask of a depth sum on a picture of `width` × `height`, and the level that was used.
  public func mask(of map: FloatMap, width: Int, height: Int) -> (mask: Mask, level: Float) {
    switch resolution {
    case .image: cut(map.resized(width: width, height: height))
    case .featureMap: brought(cut(map), width, height)
    }
  }

  /// The same on a map that has its final size already.
  func cut(_ map: FloatMap) -> (mask: Mask, level: Float) {
    let level = threshold.level(of: map)
    let mask = map.mask(above: level, comparison)
    return (mask.keeping(component, connectivity: connectivity), level)
  }

  private func brought(_ cut: (mask: Mask, level: Float), _ width: Int, _ height: Int) -> (Mask, Float) {
    let mask = cut.mask
    switch resizing {
    case .nearest: return (mask.resized(width: width, height: height), cut.level)
    case .bilinear:
      let shares = FloatMap(width: mask.width, height: mask.height, values: mask.values.map { $0 ? 1 : 0 })
      return (shares.resized(width: width, height: height).mask(above: 0.5), cut.level)
    }
  }
}

extension FloatMap {
  /// The positions whose value lies above `level`, or so as `comparison` says; NaN never does.
  public func mask(above level: Float, _ comparison: MaskProtocol.Comparison = .above) -> Mask {
    Mask(width: width, height: height, values: values.map { comparison.holds($0, level) })
  }
}
