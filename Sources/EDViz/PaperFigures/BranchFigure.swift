/// The branches of one block and their sums for each photograph (paper, Fig. 2, right).
public struct BranchFigure: PictureFigure {
  private let session: AttentionSession
  private let block: Block
  private let taps: [Tap]
  private let style: PictureFigureStyle

  /// The columns of the paper: x, F(x), ED(x), their sums in pairs, the output.
  public static let branches: [AttentionBranch] = [
    .branch(.input), .branch(.transform), .branch(.decoder), .inputAndTransform, .inputAndDecoder,
    .transformAndDecoder, .branch(.output),
  ]

  /// A figure of a block.
  /// - Parameter branches: the columns; empty means those of the paper that the block has.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`.
  public init(
    session: AttentionSession, block name: String, branches: [AttentionBranch] = [], style: PictureFigureStyle
  ) throws {
    let network = session.model.network
    let block = try network.block(named: name)
    self.block = block
    self.session = session
    self.style = style
    let wanted =
      branches.isEmpty
      ? Self.branches.filter { branch in branch.terms.allSatisfy { block.taps[$0] != nil } } : branches
    taps = wanted.map { Tap(block: block.name, branch: $0) }
    for tap in taps { _ = try network.nodes(of: tap) }
  }

  /// None: columns have captions.
  public var groups: [PictureGrid.Group] { [] }

  /// Model, block and scale.
  public var footnote: String {
    "\(session.model.name), block \(block.name) (\(block.paperName)), input of \(session.inputSentence). Depth sums; "
      + "\(style.scaleSentence)."
  }

  /// One row.
  public func rows(
    of photograph: Image, label: String, record: inout Manifest.Input, lack: inout (any Error)?
  ) throws -> [PictureGrid.Row] {
    let look = try session.look(at: photograph, taps: taps)
    let seen = style.fitted(photograph.cropped(to: look.region))
    let maps = look.maps.map {
      PictureFigureStyle.Overlay(caption: $0.tap.branch.title, map: $0.map, photograph: seen)
    }
    let drawn = style.overlays(maps, from: 1)
    for (entry, range) in zip(look.maps, drawn.ranges) {
      record.note(
        entry.map, block: block.name, branch: entry.tap.branch, range: range, name: entry.tap.branch.title)
    }
    return [
      PictureGrid.Row(
        label: label, cells: [PictureGrid.Cell(seen, caption: "photograph")] + drawn.cells, bars: drawn.bars)
    ]
  }
}
