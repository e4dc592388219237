import Tensors

/// A network in the manner of the paper's Table I: a row for each stage, and what its blocks are made of.
public struct StageTable: Sendable {
  /// One stage, or the stem or the head.
  public struct Row: Sendable {
    /// The paper's name, such as `conv2`.
    public let name: String
    /// Rows and columns of its output.
    public let size: Size2D
    /// Channels of its output.
    public let channels: Int
    /// How often its block stands behind itself.
    public let repeats: Int
    /// Layers of the transformation branch, with its gate; of the stem or the head, all.
    public let transformation: [String]
    /// Layers of the added path.
    public let path: [String]
    /// The shortcut.
    public let shortcut: String
  }

  /// Rows from the image down.
  public let rows: [Row]

  /// The stages of a network for images of the summary's size.
  public init(_ network: Network, _ summary: NetworkSummary) {
    let description = network.description
    let stem = description.stem
    func row(_ name: String, _ size: Size2D, _ channels: Int, _ layers: [String]) -> Row {
      Row(
        name: name, size: size, channels: channels, repeats: 1, transformation: layers, path: [], shortcut: ""
      )
    }
    let stemSize = Size2D(height: summary.stem[0], width: summary.stem[1])
    let layers = (stem.deep + [stem.filters]).enumerated().map { index, filters in
      Self.layer("", stem.kernel, filters, stride: index == 0 ? stem.stride : 1)
    }
    var rows = [row("conv1", stemSize, stem.filters, layers)]
    if stem.maxPool {
      switch description.antialias {
      case nil:
        rows.append(
          row("max-pooling", stemSize.halved, stem.filters, [Self.layer("", 3, stem.filters, stride: 2)]))
      case .blur:
        let layers = [Self.layer("", 3, stem.filters), Self.layer("blur", 3, stem.filters, stride: 2)]
        rows.append(row("max-pooling", stemSize.halved, stem.filters, layers))
      case .average:
        let size = Size2D(height: stemSize.height / 2, width: stemSize.width / 2)
        rows.append(
          row("average-pooling", size, stem.filters, [Self.layer("", 2, stem.filters, stride: 2)]))
      }
    }
    var first = 0
    for (index, stage) in description.stages.enumerated() {
      let shape = description.block(stage: index + 1, position: 0)
      let path = description.path(inStage: index + 1).map { $0.layers(in: shape) } ?? []
      let gate = description.gate.map { [$0.summary] } ?? []
      rows.append(
        Row(
          name: "conv\(index + 2)", size: summary.blocks[first].size,
          channels: summary.blocks[first].channels, repeats: stage.blocks,
          transformation: (description.transform?.layers(in: shape) ?? ["none"]) + gate, path: path,
          shortcut: description.identity ? "identity mapping" : "none in the sum"))
      first += stage.blocks
    }
    let head = description.classes == 0 ? [] : ["\(description.classes)-d fc"]
    let outputs = description.classes == 0 ? description.features : description.classes
    rows.append(row("cls", Size2D(1), outputs, ["global average pooling"] + head))
    self.rows = rows
  }

  /// "3×3, 64, stride 2, group 32".
  static func layer(
    _ kind: String, _ kernel: Int, _ filters: Int, stride: Int = 1, groups: Int = 1, dilation: Int = 1
  ) -> String {
    (kind.isEmpty ? "" : kind + " ") + "\(kernel)×\(kernel), \(filters)"
      + (stride == 1 ? "" : ", stride \(stride)")
      + (groups == 1 ? "" : ", group \(groups)")
      + (dilation == 1 ? "" : ", dilation \(dilation)")
  }
}

extension Size2D {
  /// Behind a 3×3 window of step 2 padded by 1.
  fileprivate var halved: Size2D { Size2D(height: (height + 1) / 2, width: (width + 1) / 2) }
}
