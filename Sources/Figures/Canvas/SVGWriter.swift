import FoundationEssentials
import Images

/// The elements of a drawing in the words of SVG 1.1.
///
/// There are no identifiers, so that several drawings can stand in one page. Numbers have two decimals.
struct SVGWriter {
  private(set) var document: String

  init(_ canvas: Canvas, title: String) throws {
    let (width, height) = (Self.number(canvas.width), Self.number(canvas.height))
    document = """
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
      width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="img">

      """
    let title = title.asOneLine
    if !title.isEmpty { document += "<title>\(Self.escaped(title))</title>\n" }
    write(canvas.area, canvas.background)
    try write(canvas.marks)
    document += "</svg>\n"
  }

  private mutating func write(_ marks: [Mark]) throws {
    for mark in marks {
      switch mark {
      case .line(let places, let stroke): write(places, stroke)
      case .rectangle(let area, let color): write(area, color)
      case .disc(let center, let radius, let color):
        let (x, y) = (Self.number(center.x), Self.number(center.y))
        document += "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(Self.number(radius))\" fill=\"\(color.hex)\"/>\n"
      case .text(let text, let place, let style, let anchor, let isUpward):
        write(text, at: place, style, anchor, isUpward: isUpward)
      case .image(let image, let area, let isSmooth):
        let bytes = try Data(image.encodedPNG(effort: .small)).base64EncodedString()
        let rendering = isSmooth ? "" : " style=\"image-rendering:pixelated\" image-rendering=\"optimizeSpeed\""
        document += "<image \(Self.attributes(area)) preserveAspectRatio=\"none\"\(rendering) "
        document += "xlink:href=\"data:image/png;base64,\(bytes)\"/>\n"
      case .clip(let area, let marks):
        // An inner drawing clips without the identifier that a clip path needs.
        let box = [area.x, area.y, area.width, area.height].map(Self.number).joined(separator: " ")
        document += "<svg \(Self.attributes(area)) viewBox=\"\(box)\" overflow=\"hidden\">\n"
        try write(marks)
        document += "</svg>\n"
      }
    }
  }

  private mutating func write(_ places: [Place], _ stroke: Stroke) {
    let points = places.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
    document += "<polyline points=\"\(points)\" fill=\"none\" stroke=\"\(stroke.color.hex)\""
    document += " stroke-width=\"\(Self.number(stroke.width))\" stroke-linejoin=\"round\""
    if stroke.dashes.isEmpty {
      document += " stroke-linecap=\"round\"/>\n"
    } else {
      let dashes = stroke.dashes.map(Self.number).joined(separator: " ")
      document += " stroke-dasharray=\"\(dashes)\"/>\n"
    }
  }

  private mutating func write(_ area: Area, _ color: Color) {
    document += "<rect \(Self.attributes(area)) fill=\"\(color.hex)\"/>\n"
  }

  private mutating func write(
    _ text: String, at place: Place, _ style: TextStyle, _ anchor: TextAnchor, isUpward: Bool
  ) {
    let (x, y) = (Self.number(place.x), Self.number(place.y))
    document += "<text x=\"\(x)\" y=\"\(y)\""
    if isUpward { document += " transform=\"rotate(-90 \(x) \(y))\"" }
    switch anchor {
    case .start: break
    case .middle: document += " text-anchor=\"middle\""
    case .end: document += " text-anchor=\"end\""
    }
    if style.isBold { document += " font-weight=\"bold\"" }
    // Verdana has the widths of DejaVu Sans.
    let family = Self.escaped("'\(style.family.filter { $0 != "'" })', Verdana, sans-serif")
    document += " font-family=\"\(family)\" font-size=\"\(Self.number(style.size))\" fill=\"\(style.color.hex)\""
    // The width of letters that are not known here is left to who knows them.
    if CairoSheet.hasLetters(of: text, style) {
      document += " textLength=\"\(Self.number(style.width(of: text)))\" lengthAdjust=\"spacingAndGlyphs\""
    }
    document += ">\(Self.escaped(text))</text>\n"
  }

  private static func attributes(_ area: Area) -> String {
    "x=\"\(number(area.x))\" y=\"\(number(area.y))\" width=\"\(number(area.width))\" "
      + "height=\"\(number(area.height))\""
  }

  /// At most two decimals, without zeros at the end.
  static func number(_ value: Double) -> String {
    let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let decimals = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
    return (hundredths < 0 ? "-" : "") + "\(whole)\(decimals)"
  }

  /// Text as it stands in an element or an attribute in double quotes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

extension Color {
  /// Six hexadecimal digits behind a number sign.
  fileprivate var hex: String {
    let digits = Array("0123456789abcdef")
    return "#" + String([red, green, blue].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
