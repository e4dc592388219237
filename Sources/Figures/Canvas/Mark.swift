import Images

/// A place in points, from the top left corner of a canvas.
struct Place: Hashable, Sendable {
  var x: Double
  var y: Double
}

/// An upright rectangle in points.
struct Area: Hashable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middle: Place { Place(x: x + width / 2, y: y + height / 2) }

  /// The rectangle without a strip at each side; never less than nothing.
  func inset(left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0) -> Area {
    Area(x: x + left, y: y + top, width: max(0, width - left - right), height: max(0, height - top - bottom))
  }
}

/// How a line is drawn: its ends and corners are round unless it is dashed.
struct Stroke: Hashable, Sendable {
  var color: Color
  var width: Double
  /// Lengths of line and gap by turns; none for a solid line.
  var dashes: [Double] = []
}

/// Where a text lies beside its place, in the direction of reading.
enum TextAnchor: Hashable, Sendable {
  case start, middle, end
}

/// A face, a size in points and a colour.
struct TextStyle: Hashable, Sendable {
  var family: String
  var size: Double
  var color: Color
  var isBold = false

  /// Height of the capitals in proportion to the size, which is much the same in all sans-serif faces.
  static let capHeight = 0.73
}

/// What can be drawn; a canvas is a list of these.
enum Mark: Hashable, Sendable {
  case line([Place], Stroke)
  case rectangle(Area, Color)
  case disc(Place, radius: Double, Color)
  /// `place` is on the baseline. An upward text is read from bottom to top.
  case text(String, at: Place, TextStyle, TextAnchor, isUpward: Bool)
  /// A picture stretched over an area; smooth, or with its pixels as rectangles.
  case image(Image, Area, isSmooth: Bool)
  /// Marks that are visible inside an area only.
  case clip(Area, [Mark])
}
