import Images

/// Pictures of one height side by side, each under its title and with its colour bar if it has one.
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
    let canvas = Canvas(width: layout.width, height: layout.height)
    for (panel, place) in zip(panels, layout.places) {
      canvas.draw(panel.image, x: place.x, y: layout.top)
      if let title = panel.title {
        let center = Double(place.x) + Double(panel.image.width) / 2
        canvas.write(
          title, x: center, y: Double(layout.top) - layout.fontSize * 0.45,
          size: layout.titleSize(title, room: Double(place.width), canvas), alignment: .center)
      }
      if let bar = panel.colorBar {
        draw(bar, beside: panel.image, x: place.x + panel.image.width, layout, canvas)
      }
    }
    return canvas.image()
  }

  private func draw(_ bar: ColorBar, beside image: Image, x: Int, _ layout: Layout, _ canvas: Canvas) {
    let left = x + layout.gap
    let height = image.height
    canvas.draw(bar.strip(width: layout.barWidth, height: height), x: left, y: layout.top)
    let right = Double(left + layout.barWidth)
    for (index, label) in bar.labels.enumerated() {
      let share = Double(index) / 2
      let y = Double(layout.top) + share * Double(height)
      canvas.line(
        from: (right, min(max(y, Double(layout.top) + 0.5), Double(layout.top + height) - 0.5)),
        to: (
          right + layout.fontSize * 0.25,
          min(max(y, Double(layout.top) + 0.5), Double(layout.top + height) - 0.5)
        ),
        width: 1)
      // The outer labels stay within the picture's height.
      let baseline = y + layout.fontSize * [0.8, 0.35, 0][index]
      canvas.write(label, x: right + layout.fontSize * 0.4, y: baseline, size: layout.fontSize)
    }
  }
}

/// Where everything stands; sizes follow the height of the pictures.
private struct Layout {
  let fontSize: Double
  let gap: Int
  let top: Int
  let barWidth: Int
  let width: Int
  let height: Int
  private(set) var places: [(x: Int, width: Int)] = []

  init(_ panels: [PanelRow.Panel]) {
    let tallest = panels.map(\.image.height).max() ?? 1
    let narrowest = panels.map(\.image.width).min() ?? 1
    let fontSize = min(max(Double(min(tallest, narrowest * 2)) * 0.05, 10), 40)
    self.fontSize = fontSize
    gap = max(4, Int(fontSize * 0.5))
    barWidth = max(6, Int(fontSize * 0.9))
    top = panels.contains { $0.title != nil } ? Int(fontSize * 1.6) : gap
    let measure = Canvas(width: 1, height: 1)
    var x = gap
    for panel in panels {
      places.append((x, panel.image.width))
      x += panel.image.width + gap
      if let bar = panel.colorBar {
        let labels = bar.labels.map { measure.extent(of: $0, size: fontSize).width }.max() ?? 0
        x += barWidth + Int(fontSize * 0.4) + Int(labels.rounded(.up)) + gap
      }
    }
    width = x
    height = top + tallest + gap
  }

  /// The size at which a title fits over its picture, at least 6.
  func titleSize(_ title: String, room: Double, _ canvas: Canvas) -> Double {
    let needed = canvas.extent(of: title, size: fontSize).width
    return needed <= room ? fontSize : max(6, fontSize * room / needed)
  }
}
