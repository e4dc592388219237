import EDNets
import Images
import Tensors

/// A network as a drawing: its stages, and a block of each kind with its branches.
///
/// Everything is told by the network's description and by its graph, so that a new part of blocks is drawn too.
public struct NetworkFigure {
  /// Above everything.
  public var title: String
  /// Below the title; empty for none.
  public var subtitle: String

  private let network: Network
  private let input: Size2D
  private let stages: StageTable

  private var remark: String {
    let name = network.description.activation.title
    let order =
      network.description.preactivation
      ? "Batch normalisation and \(name) stand before each convolution of F."
      : "Batch normalisation follows each convolution, and \(name) all but the last one of a branch."
    return
      "Maps are rows × columns × channels. \(order) A block's numbers are those of the first one named above it. "
      + "Names beside arrows are those of taps."
  }

  /// A drawing of a network for images of one size.
  public init(title: String, subtitle: String = "", _ network: Network, _ summary: NetworkSummary) {
    self.title = title
    self.subtitle = subtitle
    self.network = network
    input = summary.input
    stages = StageTable(network, summary)
  }

  /// The drawing, as large as its texts need.
  public func canvas(theme: ChartTheme = .light) -> Canvas {
    let shapes = network.graph.shapes(input: [1, input.height, input.width, network.graph.inputChannels])
    let chain = StageDiagram(stages, input: "image: \(input)×\(network.graph.inputChannels)", theme: theme)
    let blocks = network.blockKinds.map {
      BlockDiagram(BlockBranches($0, of: network, shapes: shapes), theme: theme)
    }
    let (margin, gap) = (theme.margin, theme.margin)
    let left = margin + chain.width + 2 * gap

    // Blocks in rows beside the stages, as wide as the widest of their column and as high as the highest of their row.
    let perRow = blocks.count <= 4 ? 2 : 3
    var (columns, rows) = ([Double](repeating: 0, count: min(perRow, blocks.count)), [Double]())
    for (index, block) in blocks.enumerated() {
      columns[index % perRow] = max(columns[index % perRow], block.width)
      if index % perRow == 0 { rows.append(0) }
      rows[index / perRow] = max(rows[index / perRow], block.height)
    }
    func sum(_ lengths: ArraySlice<Double>) -> Double { lengths.reduce(0) { $0 + $1 + gap } }
    let width = left + sum(columns[...]) - gap + margin
    let inside = width - 2 * margin
    let titles = theme.titleStyle.wrapped(title, to: inside, limit: 2)
    let subtitles = theme.smallStyle.wrapped(subtitle, to: inside, limit: 3)
    let remarks = theme.tickStyle.wrapped(remark, to: inside, limit: 9)
    let top =
      margin + Double(titles.count) * theme.titleStyle.lineHeight
      + Double(subtitles.count) * theme.smallStyle.lineHeight + 6
    let bottom = top + max(chain.height, sum(rows[...]) - gap) + gap
    let height = bottom + Double(remarks.count) * theme.tickStyle.lineHeight + margin

    var canvas = Canvas(width: width.rounded(.up), height: height.rounded(.up), background: theme.background)
    func write(_ lines: [String], _ style: TextStyle, from y: Double) -> Double {
      for (index, line) in lines.enumerated() {
        canvas.text(line, at: Place(x: margin, y: y + style.size + Double(index) * style.lineHeight), style)
      }
      return y + Double(lines.count) * style.lineHeight
    }
    _ = write(subtitles, theme.smallStyle, from: write(titles, theme.titleStyle, from: margin))
    chain.draw(on: &canvas, at: Place(x: margin, y: top))
    for (index, block) in blocks.enumerated() {
      let (row, column) = (index / perRow, index % perRow)
      let place = Place(x: left + sum(columns[..<column]), y: top + sum(rows[..<row]))
      canvas.outlined(
        Area(x: place.x, y: place.y, width: columns[column], height: rows[row]), edge: theme.grid, share: 0)
      block.draw(on: &canvas, at: place)
    }
    _ = write(remarks, theme.tickStyle, from: bottom)
    return canvas
  }
}
