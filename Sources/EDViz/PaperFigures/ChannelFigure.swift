/// Single channels of a block's input above, and below the photograph, the mean map over all channels of the input and
/// that of an enhanced branch (paper, Fig. 1).
public struct ChannelFigure: PictureFigure {
  private let session: AttentionSession
  private let block: Block
  private let channels: [Int]?
  private let count: Int
  private let enhanced: AttentionBranch
  private let style: PictureFigureStyle
  private let input: Tap
  private let output: Tap

  /// A figure of a block.
  /// - Parameters:
  ///   - channels: from 0; nil means those of each photograph that have the largest means.
  ///   - count: how many these are.
  ///   - enhanced: nil means ED where the block has it, else the output.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`.
  public init(
    session: AttentionSession, block name: String, channels: [Int]?, count: Int = 3,
    enhanced: AttentionBranch?,
    style: PictureFigureStyle
  ) throws {
    block = try session.model.network.block(named: name)
    self.session = session
    self.channels = channels
    self.count = count
    self.enhanced = enhanced ?? .branch(block.branches.contains(.decoder) ? .decoder : .output)
    self.style = style
    input = Tap(block: block.name, branch: .branch(.input))
    output = Tap(block: block.name, branch: self.enhanced)
    _ = try session.model.network.nodes(of: output)
  }

  /// None: each picture has a caption.
  public var groups: [PictureGrid.Group] { [] }

  /// Model, block and scale.
  public var footnote: String {
    let chosen = channels == nil ? "channels of the largest means" : "chosen channels"
    return
      "\(session.model.name), block \(block.name) (\(block.paperName)), input of \(session.inputSentence). "
      + "(a) \(chosen) of the block's input x, (b) means over all channels; \(style.scaleSentence)."
  }

  /// Two rows.
  public func rows(
    of photograph: Image, label: String, record: inout Manifest.Input, lack: inout (any Error)?
  ) throws -> [PictureGrid.Row] {
    let prepared = AttentionSession.prepare(photograph, for: session.model.preprocessing)
    let values = try session.activations(of: [input, output], logits: false, images: prepared.input)
      .activations
    guard let x = values[input], let result = values[output] else { return [] }
    let seen = style.fitted(photograph.cropped(to: prepared.region))
    func overlay(_ caption: String, _ map: FloatMap) -> PictureFigureStyle.Overlay {
      PictureFigureStyle.Overlay(caption: caption, map: map, photograph: seen)
    }
    let singles = try chosen(of: x).map { overlay("channel \($0)", FloatMap.channel($0, of: x)) }
    let means = [
      overlay("mean of x", .channelMean(of: x)),
      overlay("mean of \(enhanced.title)", .channelMean(of: result)),
    ]
    let (above, below) = (style.overlays(singles, from: 0), style.overlays(means, from: 1))
    for (overlay, range) in zip(singles, above.ranges) {
      record.note(overlay.map, block: block.name, branch: input.branch, range: range, name: overlay.caption)
    }
    for (index, branch) in [input.branch, enhanced].enumerated() {
      record.note(
        means[index].map, block: block.name, branch: branch, range: below.ranges[index],
        name: means[index].caption)
    }
    let picture = PictureGrid.Cell(seen, caption: "photograph")
    return [
      PictureGrid.Row(label: label.isEmpty ? "(a)" : "\(label) (a)", cells: above.cells, bars: above.bars),
      PictureGrid.Row(label: "(b)", cells: [picture] + below.cells, bars: below.bars),
    ]
  }

  private func chosen(of x: Tensor) throws(AttentionError) -> [Int] {
    if let channels {
      for channel in channels where !(0..<x.channels).contains(channel) {
        throw .absentChannel(
          index: channel, branch: input.branch.name, block: block.name, channels: x.channels)
      }
      return channels
    }
    let sums = x.channelSums()
    let totals = (0..<x.channels).map { sums[0, .sum, $0] }
    // NaN is the least: no order has a place for it.
    func value(_ channel: Int) -> Double { totals[channel].isNaN ? -.infinity : totals[channel] }
    return Array((0..<x.channels).sorted { (value($1), $0) < (value($0), $1) }.prefix(count))
  }
}
