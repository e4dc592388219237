import Attention
import Figures
import Files
import Images
import Training

/// Shows where the network looks while it learns: after each epoch the heatmap of each photograph that the recipe
/// names, and a filmstrip of epochs, `heatmaps.png`.
public final class HeatmapFilmstrip: TrainingObserver {
  /// The filmstrip's name in the folder of the run.
  public static let name = "heatmaps.png"
  /// The folder of the single pictures in that of the run.
  public static let folder = "heatmaps"
  /// More epochs than this are thinned out.
  private static let columns = 12

  private var photographs: [(name: String, path: String, image: Image)] = []

  /// An observer of one run.
  public init() {}

  /// The filmstrip and the folder of the single pictures.
  public var outputs: [String] { [Self.name, Self.folder] }

  /// Reads the photographs.
  public func prepare(_ recipe: Recipe) throws {
    photographs = try recipe.heatmaps.enumerated().map { index, path in
      (
        "\(index + 1)-\(Paths.stem(of: path))", path,
        try ImageDecoder().decode(contentsOf: path).whole(file: path)
      )
    }
  }

  /// Draws after each epoch.
  public func observe(_ event: TrainingEvent, in run: TrainingRun) throws {
    switch event {
    case .runBegan:
      // Before anything is learnt, not after the first epoch.
      for photograph in photographs {
        try PictureError.naming(photograph.path) { try check(photograph.image, run) }
      }
    case .epochEnded(let report) where !photographs.isEmpty:
      try draw(epoch: report.epoch, run)
      try assemble(upTo: report.epoch, run)
    default: break
    }
  }

  /// - Throws: `AttentionError` if the network that learns cannot look at a picture.
  private func check(_ image: Image, _ run: TrainingRun) throws {
    let size = run.recipe.input.pictureFit.fittedSize(width: image.width, height: image.height)
    try run.network.check(
      images: [1, size.height, size.width, run.network.graph.inputChannels], taps: [Tap()])
  }

  private func draw(epoch: Int, _ run: TrainingRun) throws {
    let session = AttentionSession(model: try run.snapshot())
    let style = HeatmapStyle(
      colorMap: try ColorMap.named("jet"), alpha: 0.5, scale: .perMap, showsColorBar: false)
    for photograph in photographs {
      let look = try PictureError.naming(photograph.path) {
        try session.look(at: photograph.image, taps: [Tap()])
      }
      let seen = photograph.image.cropped(to: look.region)
      let figure = HeatmapFigure(photograph: seen, maps: look.maps.map { ("", $0.map) }, style: style)
      try AtomicFile.write(figure.overlay.encodedPNG(), to: path(photograph.name, epoch, run))
    }
  }

  private func assemble(upTo last: Int, _ run: TrainingRun) throws {
    let epochs = Self.chosen(among: last)
    let rows = try photographs.enumerated().map { index, photograph in
      let cells = try epochs.map { epoch in
        // An epoch that an earlier edviz, or nobody, drew is left blank.
        let path = path(photograph.name, epoch, run)
        return PictureGrid.Cell(
          Folders.kind(of: path) == .file ? try Image(contentsOf: path) : nil,
          caption: index == 0 ? "epoch \(epoch)" : "")
      }
      return PictureGrid.Row(label: photograph.name, cells: cells)
    }
    let strip = PictureGrid(
      title: "\(run.recipe.name): depth sums of the last block's output", rows: rows, cellWidth: 96)
    try strip.canvas().write(to: run.path + "/" + Self.name)
  }

  /// The first, the last, and evenly between.
  static func chosen(among last: Int) -> [Int] {
    guard last > columns else { return Array(1...last) }
    return (0..<columns).map { 1 + $0 * (last - 1) / (columns - 1) }
  }

  private func path(_ name: String, _ epoch: Int, _ run: TrainingRun) -> String {
    let digits = String(epoch)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "\(run.path)/\(Self.folder)/\(name)-epoch-\(padded).png"
  }
}
