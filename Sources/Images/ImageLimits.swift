/// How much a file may ask for. Both limits are judged before the memory or the time is spent.
public struct ImageLimits: Hashable, Sendable {
  /// Most pixels (width times height) that a header may announce; values above 2³² count as that.
  public var maximumPixels: Int
  /// Most scans of a progressive JPEG. Encoders write about ten; each scan visits the whole picture.
  public var maximumScans: Int

  /// Limits that no photograph meets: the pixels at which Pillow refuses too, 537 MB of RGB. While decoding,
  /// progressive and interlaced files take up to three times that.
  public static let standard = ImageLimits()

  /// Twelve gigabytes of RGB: sizes stay far from overflow, whatever limit is asked for.
  static let ceiling = 1 << 32

  /// Limits, of which the defaults are `standard`.
  public init(maximumPixels: Int = 178_956_970, maximumScans: Int = 100) {
    precondition(maximumPixels > 0 && maximumScans > 0, "limits are positive")
    self.maximumPixels = maximumPixels
    self.maximumScans = maximumScans
  }
}
