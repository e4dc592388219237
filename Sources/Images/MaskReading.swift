/// How a picture file becomes a mask: which of its values are the object, and which belong to nothing.
public struct MaskReading: Hashable, Sendable {
  /// What a pixel is told by.
  public enum Source: String, CaseIterable, Hashable, Sendable {
    /// By what the file holds; see `ImageDecoder.decodeMask(_:file:reading:)`.
    case automatic = "auto"
    /// By its brightness: above half, or above `threshold`.
    case brightness
    /// By its opacity: above half, or above `threshold`.
    case alpha
    /// By its position in the palette, or its level where there is none: any but 0.
    case index
  }

  /// A value that pixels of a mask file have.
  public enum Value: Hashable, Sendable, CustomStringConvertible {
    /// A position in a palette, or a level of grey on the file's own scale.
    case level(Int)
    /// A colour.
    case color(Color)

    /// A whole number up to 65535, or `#rrggbb`; nil for anything else.
    public init?(_ text: some StringProtocol) {
      if text.hasPrefix("#"), text.utf8.count == 7, let number = UInt32(text.dropFirst(), radix: 16) {
        self = .color(Color(rgb: number))
      } else if let number = Int(text), (0...65_535).contains(number) {
        self = .level(number)
      } else {
        return nil
      }
    }

    /// As `init(_:)` reads it.
    public var description: String {
      switch self {
      case .level(let level): "\(level)"
      case .color(let color):
        "#"
          + [color.red, color.green, color.blue].map {
            ($0 < 16 ? "0" : "") + String($0, radix: 16)
          }.joined()
      }
    }
  }

  /// What pixels are told by, unless `values` says it.
  public var source = Source.automatic
  /// The object's values; empty to go by `source`.
  public var values: [Value] = []
  /// The object lies strictly above it, on the file's own scale; nil means half.
  public var threshold: Int?
  /// Values that belong neither to the object nor to its surroundings; nil to take those that are certain.
  public var ignored: [Value]?

  /// A reading by what files hold.
  public init() {}

  /// Votes of several people in grey, of which more than half make the object: every level means a share, none another
  /// thing.
  public static let votes = {
    var reading = MaskReading()
    reading.ignored = []
    reading.takesLevelsAsShares = true
    return reading
  }()

  /// Whether few levels of grey are shares all the same.
  var takesLevelsAsShares = false
}

extension Color {
  init(rgb: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: rgb >> 16), green: UInt8(truncatingIfNeeded: rgb >> 8),
      blue: UInt8(truncatingIfNeeded: rgb))
  }
}

extension MaskReading: CustomStringConvertible {
  /// How objects are read, as reports say it.
  public var description: String {
    let object: String
    if !values.isEmpty {
      object = "pixels of value \(values.map(\.description).joined(separator: ", "))"
    } else {
      object =
        switch source {
        case .automatic where threshold == nil:
          "pixels brighter than half, or more opaque than half where an alpha channel parts them"
        case .automatic, .brightness: "pixels brighter than \(threshold.map(String.init) ?? "half")"
        case .alpha: "pixels more opaque than \(threshold.map(String.init) ?? "half")"
        case .index: "pixels of any value but 0"
        }
    }
    guard let ignored, !takesLevelsAsShares else { return object }
    return ignored.isEmpty
      ? object + "; nothing is ignored"
      : object + "; \(ignored.map(\.description).joined(separator: ", ")) is ignored"
  }
}
