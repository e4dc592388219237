import Glibc

/// How a picture is resampled: Pillow's filters, widened by the ratio when a picture becomes smaller.
public enum Interpolation: String, Codable, CaseIterable, Hashable, Sendable {
  /// A triangle.
  case bilinear
  /// Keys's cubic with a = −½.
  case bicubic
  /// A sine cardinal in the window of a wider one, three lobes to each side.
  case lanczos

  /// How far from its middle the filter reaches, in pixels of the picture that is not made smaller.
  var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The weight at a distance, in the order of Pillow's operations (`Resample.c`), so that no rounding differs.
  func weight(at distance: Double) -> Double {
    switch self {
    case .bilinear:
      return max(1 - abs(distance), 0)
    case .bicubic:
      let (x, a) = (abs(distance), -0.5)
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    case .lanczos:
      return distance >= -3 && distance < 3 ? Self.sinc(distance) * Self.sinc(distance / 3) : 0
    }
  }

  private static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(x * .pi) / (x * .pi)
  }
}

/// In which order a network reads colours.
public enum ColorOrder: String, Codable, CaseIterable, Hashable, Sendable {
  /// Red, green, blue.
  case rgb
  /// Blue, green, red, as OpenCV and Caffe have them. Means and deviations stay those of red, green and blue.
  case bgr
  /// The grey level three times.
  case grey
}
