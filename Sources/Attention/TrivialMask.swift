import Images

/// Masks that need no network: what a score must be better than.
public enum TrivialMask: String, CaseIterable, Sendable, Codable {
  /// Every pixel.
  case whole
  /// The centred box of half the area: each side times √½, rounded to pixels.
  case center

  /// Its box in a picture of `width` × `height`. Where a margin is odd, the right and lower one is larger.
  public func box(width: Int, height: Int) -> Box {
    switch self {
    case .whole: return Box(x0: 0, y0: 0, x1: width, y1: height)
    case .center:
      let (inner, tall) = (Self.shortened(width), Self.shortened(height))
      let (x0, y0) = ((width - inner) / 2, (height - tall) / 2)
      return Box(x0: x0, y0: y0, x1: x0 + inner, y1: y0 + tall)
    }
  }

  private static func shortened(_ side: Int) -> Int { Int((Double(side) * 0.5.squareRoot()).rounded()) }

  /// What it is called in tables.
  public var title: String {
    switch self {
    case .whole: "whole picture"
    case .center: "centred half"
    }
  }
}
