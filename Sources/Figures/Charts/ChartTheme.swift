import Images

/// Colours, sizes and fonts of charts. Lengths are points.
public struct ChartTheme: Hashable, Sendable {
  /// Behind everything.
  public var background: Color
  /// Titles and names.
  public var text: Color
  /// Numbers at the axes, and remarks.
  public var mutedText: Color
  /// Lines of the grid.
  public var grid: Color
  /// Lines of the axes.
  public var axis: Color
  /// Colours of series, in the order of their use; people with any vision of colours can tell them apart.
  public var series: [Color]
  /// Colours of a heat map from nothing to everything, evenly spaced.
  public var heat: [Color]
  /// The face; the system chooses a similar one if it does not have it. Letters that it lacks are boxes in pictures and
  /// PDF; a browser finds them in other faces.
  public var fontFamily = "DejaVu Sans"
  /// Size of the title of a chart.
  public var titleSize = 13.0
  /// Size of the titles of panels and axes and of names in legends.
  public var labelSize = 10.0
  /// Size of the numbers at the axes.
  public var tickSize = 9.0
  /// Width of the lines of series.
  public var lineWidth = 1.6
  /// Width of the lines of grids and axes.
  public var gridWidth = 0.75
  /// Radius of the discs on points that stand alone or are few.
  public var pointRadius = 2.4
  /// Free space at the edges, and between the parts of a chart.
  public var margin = 12.0

  /// The theme called `light` or `dark`; nil for any other name.
  public init?(named name: String) {
    switch name {
    case "light": self = .light
    case "dark": self = .dark
    default: return nil
    }
  }

  private init(
    background: UInt32, text: UInt32, mutedText: UInt32, grid: UInt32, axis: UInt32, series: [UInt32],
    heat: [UInt32]
  ) {
    self.background = Color(background)
    self.text = Color(text)
    self.mutedText = Color(mutedText)
    self.grid = Color(grid)
    self.axis = Color(axis)
    self.series = series.map { Color($0) }
    self.heat = heat.map { Color($0) }
  }

  /// Dark on white, for paper. The series have Okabe and Ito's colours without yellow ("Color Universal Design", 2008),
  /// the heat map ColorBrewer's blues.
  public static let light = ChartTheme(
    background: 0xFFFFFF, text: 0x1F2328, mutedText: 0x59636E, grid: 0xE4E7EB, axis: 0x8C959F,
    series: [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x4D4D4D],
    heat: [0xF7FBFF, 0xDEEBF7, 0xC6DBEF, 0x9ECAE1, 0x6BAED6, 0x4292C6, 0x2171B5, 0x08519C, 0x08306B])

  /// Light on nearly black, for screens. The series have the same hues, lighter where they would not be seen.
  public static let dark = ChartTheme(
    background: 0x14181D, text: 0xE6EAEE, mutedText: 0x9AA5B1, grid: 0x2A313A, axis: 0x6E7A87,
    series: [0x56B4E9, 0xF0803C, 0x2BC79A, 0xE39CC5, 0xF2C14E, 0xC9D1D9, 0x4C8DD6],
    heat: [0x1A2028, 0x17324D, 0x17466E, 0x1D5E90, 0x2F7AB0, 0x5298CB, 0x82B7DF, 0xB5D4EC, 0xE8F2FA])

  var titleStyle: TextStyle { TextStyle(family: fontFamily, size: titleSize, color: text, isBold: true) }
  var labelStyle: TextStyle { TextStyle(family: fontFamily, size: labelSize, color: text) }
  var tickStyle: TextStyle { TextStyle(family: fontFamily, size: tickSize, color: mutedText) }
  /// Names in drawings of networks.
  var headStyle: TextStyle { TextStyle(family: fontFamily, size: labelSize, color: text, isBold: true) }
  /// Layers and maps in drawings of networks.
  var smallStyle: TextStyle { TextStyle(family: fontFamily, size: tickSize, color: text) }
  var gridStroke: Stroke { Stroke(color: grid, width: gridWidth) }
  var axisStroke: Stroke { Stroke(color: axis, width: gridWidth) }

  /// Colour of a level from 0 to 1 in heat maps.
  func heat(_ level: Double) -> Color {
    let position = min(max(level, 0), 1) * Double(heat.count - 1)
    let lower = min(Int(position), max(heat.count - 2, 0))
    let (from, to, share) = (heat[lower], heat[min(lower + 1, heat.count - 1)], position - Double(lower))
    return from.mixed(with: to, share: share)
  }
}

extension Color {
  /// A colour of six hexadecimal digits.
  fileprivate init(_ hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// The colour with a share of another, from 0 to 1.
  func mixed(with other: Color, share: Double) -> Color {
    func mixed(_ part: KeyPath<Color, UInt8>) -> UInt8 {
      UInt8((Double(self[keyPath: part]) * (1 - share) + Double(other[keyPath: part]) * share).rounded())
    }
    return Color(red: mixed(\.red), green: mixed(\.green), blue: mixed(\.blue))
  }

  /// Brightness from 0 to 1 as weighed in ITU-R BT.601, to choose a colour of letters on it.
  var brightness: Double {
    (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
  }
}
