import Images

/// Pictures side by side, each under its title and with its colour bar if it has one.
public struct PanelRow: Sendable {
  /// One picture of the row.
  public struct Panel: Sendable {
    /// Stands above the picture; none for no title.
    public var title: String?
    /// The picture.
    public var image: Image
    /// Stands on the right of the picture.
    public var colorBar: ColorBar?

    /// A picture with what explains it.
    public init(title: String? = nil, image: Image, colorBar: ColorBar? = nil) {
      self.title = title
      self.image = image
      self.colorBar = colorBar
    }
  }

  /// From the left.
  public var panels: [Panel]

  /// A row of at least one panel.
  public init(_ panels: [Panel]) {
    precondition(!panels.isEmpty, "a row has at least one panel")
    self.panels = panels
  }

  /// The row as one picture. A single panel without title and bar is the picture itself.
  public func image() -> Image {
    if panels.count == 1, panels[0].title == nil, panels[0].colorBar == nil { return panels[0].image }
    let layout = Layout(panels)
    var sheet = Image(width: layout.width, height: layout.height, filledWith: .white)
    for (panel, x) in zip(panels, layout.starts) {
      if let title = panel.title {
        let size = layout.titleSize(title, room: Double(panel.image.width))
        let text = Lettering.picture(of: title, size: size)
        sheet.paste(
          text, x: max(0, x + (panel.image.width - text.width) / 2),
          y: layout.top - Int((size + layout.fontSize * 0.45).rounded()))
      }
      // Behind the title, whose white ground reaches a little below its letters.
      sheet.paste(panel.image, x: x, y: layout.top)
      if let bar = panel.colorBar {
        draw(bar, beside: panel.image, x: x + panel.image.width, layout, on: &sheet)
      }
    }
    return sheet
  }

  /// The strip, and beside it a tick and a label at both ends and in the middle; the outer labels stay within the
  /// picture's height.
  private func draw(_ bar: ColorBar, beside image: Image, x: Int, _ layout: Layout, on sheet: inout Image) {
    let left = x + layout.gap
    sheet.paste(bar.strip(width: layout.barWidth, height: image.height), x: left, y: layout.top)
    let right = left + layout.barWidth
    let tick = Image(width: layout.tick, height: 1, filledWith: Color(red: 77, green: 77, blue: 77))
    for (index, label) in bar.labels.enumerated() {
      let offset = (image.height - 1) * index / 2
      sheet.paste(tick, x: right, y: layout.top + offset)
      // An image so low that three labels do not fit keeps the ends.
      if index == 1, Double(image.height) < layout.fontSize * 3.2 { continue }
      let baseline = Double(offset) + layout.fontSize * [0.8, 0.35, 0][index]
      sheet.paste(
        Lettering.picture(of: label, size: layout.fontSize), x: right + layout.tick + 2,
        y: layout.top + Int((baseline - layout.fontSize).rounded()))
    }
  }
}

/// Where everything stands; sizes follow the height of the pictures.
private struct Layout {
  let fontSize: Double
  let gap: Int
  let tick: Int
  let top: Int
  let barWidth: Int
  let width: Int
  let height: Int
  private(set) var starts: [Int] = []

  init(_ panels: [PanelRow.Panel]) {
    let tallest = panels.map(\.image.height).max() ?? 1
    let narrowest = panels.map(\.image.width).min() ?? 1
    let fontSize = min(max(Double(min(tallest, narrowest * 2)) * 0.05, 10), 40)
    self.fontSize = fontSize
    gap = max(4, Int(fontSize * 0.5))
    tick = max(3, Int(fontSize * 0.3))
    barWidth = max(6, Int(fontSize * 0.9))
    top = panels.contains { $0.title != nil } ? Int(fontSize * 1.6) : gap
    var x = gap
    for panel in panels {
      starts.append(x)
      x += panel.image.width + gap
      if let bar = panel.colorBar {
        let labels = bar.labels.map { Lettering.width(of: $0, size: fontSize) }.max() ?? 0
        x += barWidth + tick + 2 + Int(labels.rounded(.up)) + gap
      }
    }
    width = x
    height = top + tallest + gap
  }

  /// The size at which a title fits over its picture, at least 6.
  func titleSize(_ title: String, room: Double) -> Double {
    let needed = Lettering.width(of: title, size: fontSize)
    return needed <= room ? fontSize : max(6, fontSize * room / needed)
  }
}
