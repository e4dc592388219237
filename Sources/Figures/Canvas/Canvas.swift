import Images

/// A drawing in points, which can be had as pixels, SVG or PDF.
///
/// It is a list of what is drawn, so that all formats show the same picture and a layout can be examined.
public struct Canvas: Hashable, Sendable {
  /// Width in points, 1/72 of an inch in PDF, a pixel in SVG and in pictures of scale 1.
  public let width: Double
  /// Height in points.
  public let height: Double
  /// What is seen where nothing is drawn.
  public let background: Color
  private(set) var marks: [Mark] = []

  /// An empty drawing.
  init(width: Double, height: Double, background: Color) {
    self.width = width
    self.height = height
    self.background = background
  }

  var area: Area { Area(x: 0, y: 0, width: width, height: height) }

  /// A line through places; nothing for fewer than two.
  mutating func line(_ places: [Place], _ stroke: Stroke) {
    guard places.count > 1 else { return }
    marks.append(.line(places, stroke))
  }

  mutating func line(from start: Place, to end: Place, _ stroke: Stroke) { line([start, end], stroke) }

  mutating func rectangle(_ area: Area, _ color: Color) { marks.append(.rectangle(area, color)) }

  mutating func disc(_ center: Place, radius: Double, _ color: Color) {
    marks.append(.disc(center, radius: radius, color))
  }

  /// A line of text with its baseline at a place. Line breaks, control characters and what XML cannot hold become
  /// spaces.
  mutating func text(
    _ text: String, at place: Place, _ style: TextStyle, anchor: TextAnchor = .start, isUpward: Bool = false
  ) {
    let line = text.asOneLine
    guard !line.isEmpty else { return }
    marks.append(.text(line, at: place, style, anchor, isUpward: isUpward))
  }

  /// A line of text whose capitals have their middle at a place.
  mutating func text(
    _ text: String, around place: Place, _ style: TextStyle, anchor: TextAnchor = .middle,
    isUpward: Bool = false
  ) {
    let drop = style.size * TextStyle.capHeight / 2
    let baseline = isUpward ? Place(x: place.x + drop, y: place.y) : Place(x: place.x, y: place.y + drop)
    self.text(text, at: baseline, style, anchor: anchor, isUpward: isUpward)
  }

  mutating func image(_ image: Image, in area: Area, isSmooth: Bool = true) {
    marks.append(.image(image, area, isSmooth: isSmooth))
  }

  /// Draws what `draw` draws, as far as it lies in `area`.
  mutating func clipped(to area: Area, _ draw: (inout Canvas) -> Void) {
    var inner = Canvas(width: width, height: height, background: background)
    draw(&inner)
    marks.append(.clip(area, inner.marks))
  }
}

extension String {
  /// The text with every run of white space and control characters as one space, and nothing at its ends.
  var asOneLine: String {
    var line = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      let isSpace = scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
      if isSpace || scalar.value & 0xFFFE == 0xFFFE {
        if line.last != " " && !line.isEmpty { line.append(" ") }
      } else {
        line.append(scalar)
      }
    }
    if line.last == " " { line.removeLast() }
    return String(line)
  }
}
