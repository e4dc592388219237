import Files
import Foundation
import FoundationXML
import Images
import Testing

@testable import Figures

@Suite struct CanvasTests {
  private let figures: [Canvas] =
    Samples.charts.map { $0.chart.canvas() } + [
      Samples.charts[Samples.charts.count - 1].chart.canvas(width: 200, height: 150, theme: .dark),
      LineChart.learningCurves(title: "curves", Samples.epochs(24, seed: 1)).canvas(),
      LineChart.learningCurves(
        runs: Samples.hostileNames.map { (name: $0, epochs: Samples.epochs(9, seed: 3)) }
      ).canvas(),
      Samples.matrix(classes: 1).canvas(), Samples.matrix(classes: 50).canvas(),
      Samples.hostileMatrix.canvas(theme: .dark), Samples.grid.canvas(),
    ] + Samples.networkNames.compactMap { try? Samples.network($0).canvas() }

  /// The boxes of all texts, whose letters reach from a size above the baseline to a quarter below.
  private func textAreas(_ marks: [Mark]) -> [Area] {
    marks.flatMap { mark -> [Area] in
      switch mark {
      case .clip(_, let inner): return textAreas(inner)
      case .text(let text, let place, let style, let anchor, let isUpward):
        let width = style.width(of: text)
        let start = anchor == .start ? 0 : anchor == .middle ? -width / 2 : -width
        let (above, below) = (style.size * 0.78, style.size * 0.24)
        return [
          isUpward
            ? Area(x: place.x - above, y: place.y - start - width, width: above + below, height: width)
            : Area(x: place.x + start, y: place.y - above, width: width, height: above + below)
        ]
      default: return []
      }
    }
  }

  @Test func textsStayInsideAndApart() {
    for canvas in figures {
      let areas = textAreas(canvas.marks)
      let outside = areas.filter {
        $0.x < 0 || $0.y < 0 || $0.right > canvas.width || $0.bottom > canvas.height
      }
      #expect(outside.isEmpty)
      var clashes: [(Area, Area)] = []
      for (index, one) in areas.enumerated() {
        for other in areas[..<index] {
          let across = min(one.right, other.right) - max(one.x, other.x)
          let down = min(one.bottom, other.bottom) - max(one.y, other.y)
          // Boxes hold room for letters that go up and down, so a hair in both directions is no touch.
          if across >= 1.5, down >= 2.5 { clashes.append((one, other)) }
        }
      }
      #expect(clashes.isEmpty)
    }
  }

  @Test func svgIsWellFormedAndRepeats() throws {
    for canvas in figures {
      let svg = try canvas.svg(title: Samples.hostileNames.joined(separator: " "))
      let texts = TextCollector()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = texts
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(try canvas.svg(title: Samples.hostileNames.joined(separator: " ")) == svg)
      #expect(texts.found.contains { $0.contains("<b>&amp;\"quoted\" & 'apostrophe'</b>") })
      #expect(!svg.contains(" id=") && !svg.contains("href=\"http"))
    }
  }

  @Test func sameDrawingGivesSameBytes() throws {
    for canvas in [figures[0], Samples.hostileMatrix.canvas(), Samples.grid.canvas()] {
      #expect(try canvas.image(scale: 1.5) == canvas.image(scale: 1.5))
      let pdf = try canvas.pdf()
      #expect(try canvas.pdf() == pdf)
      #expect(pdf.starts(with: Array("%PDF-".utf8)))
    }
  }

  @Test func picturesHaveTheAskedSize() throws {
    let chart = Samples.charts[0].chart
    for scale in [1.0, 2, 2.5] {
      let image = try chart.canvas(width: 400, height: 250).image(scale: scale)
      #expect(image.width == Int(400 * scale) && image.height == Int(250 * scale))
    }
    #expect(throws: FigureError.tooLarge(width: 40000, height: 25000)) {
      try chart.canvas(width: 400, height: 250).image(scale: 100)
    }
    #expect(throws: FigureError.self) { try chart.canvas().image(scale: 0) }
    #expect(throws: FigureError.self) { try chart.canvas().image(scale: .nan) }
  }

  /// A picture at its own size keeps its pixels.
  @Test func embeddedPicturesKeepTheirPixels() throws {
    let picture = Image(width: 7, height: 5, pixels: (0..<105).map { UInt8($0 * 2) })
    for isSmooth in [true, false] {
      var canvas = Canvas(width: 20, height: 20, background: .white)
      canvas.text("x", at: Place(x: 0, y: 10), ChartTheme.light.labelStyle)
      canvas.image(picture, in: Area(x: 9, y: 3, width: 7, height: 5), isSmooth: isSmooth)
      #expect(try canvas.image().cropped(to: Box(x0: 9, y0: 3, x1: 16, y1: 8)) == picture)
    }
  }

  @Test func clippedMarksEndAtTheEdge() throws {
    var canvas = Canvas(width: 10, height: 10, background: .white)
    canvas.clipped(to: Area(x: 2, y: 2, width: 3, height: 3)) { $0.rectangle($0.area, .black) }
    let dark = try canvas.image().pixels.count { $0 == 0 }
    #expect(dark == 27)
  }

  @Test func filesAreWrittenByExtension() throws {
    let folder = try TemporaryFolder()
    for (name, magic) in [
      ("a.png", "\u{89}PNG"), ("b.svg", "<svg "), ("c.PDF", "%PDF"), ("d.jpg", "\u{FF}\u{D8}"),
    ] {
      try figures[0].write(to: "\(folder.path)/\(name)", scale: 1)
      let start = magic.unicodeScalars.map { UInt8($0.value) }
      #expect(try FileBytes.read("\(folder.path)/\(name)").starts(with: start))
    }
    let error = #expect(throws: FigureError.self) { try figures[0].write(to: "\(folder.path)/x.gif") }
    #expect(error?.description == "\(folder.path)/x.gif: figures are written as .png, .jpg, .svg or .pdf")
  }

  @Test func namesAreShortenedInTheMiddle() {
    let style = ChartTheme.light.labelStyle
    let short = style.shortened(Samples.hostileNames[0], to: 80)
    #expect(
      short.hasPrefix("a n") && short.contains("…") && short.hasSuffix("ork") && style.width(of: short) <= 80)
    #expect(style.shortened("name", to: 80) == "name")
    #expect(style.shortened("name", to: 0) == "")
    #expect(" a\n\tb\u{0}\u{FFFF} ".asOneLine == "a b")
    #expect(
      SVGWriter.number(-0.001) == "0" && SVGWriter.number(1.05) == "1.05" && SVGWriter.number(-2.5) == "-2.5")
  }
}

/// What an XML parser finds between the tags.
private final class TextCollector: NSObject, XMLParserDelegate {
  var found: [String] = []
  private var text = ""

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    found.append(text)
    text = ""
  }
}
