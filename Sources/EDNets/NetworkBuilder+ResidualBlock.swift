import Networks
import Tensors

extension NetworkBuilder {
  /// y = ReLU(F(x) + x + ED(x)), or another activation instead of ReLU (paper, section III-A), where x is projected first if its size changes, and where a
  /// description may leave out F or x.
  mutating func residualBlock(
    _ input: Graph.NodeID, _ description: NetworkDescription, stage: Int, position: Int
  ) -> (output: Graph.NodeID, block: Block) {
    let shape = description.block(stage: stage, position: position)
    var taps: [Branch: Graph.NodeID] = [.input: input]
    var terms: [Graph.NodeID] = []

    let read = shape.isPreactivated ? normalized(input, shape.name + ".bn_bn1") : input
    if let transform = description.transform {
      var value = transform.build(read, in: shape, &self)
      if let gate = description.gate { value = gate.build(value, in: shape, &self) }
      taps[.transform] = value
      terms.append(value)
    }
    let shortcut = shortcut(input, read, description.shortcut, shape)
    taps[.shortcut] = shortcut
    if description.identity { terms.append(shortcut) }
    if let path = description.path(inStage: stage) {
      let (encoder, decoder) = path.build(shortcut, in: shape, &self)
      taps[.encoder] = encoder
      taps[.decoder] = decoder
      terms.append(decoder)
    }
    let sum = append(Sum(), terms)
    let output = shape.isPreactivated ? sum : activated(sum)
    taps[.sum] = sum
    taps[.output] = output
    return (
      output,
      Block(stage: stage, position: position, input: input, shortcut: shortcut, output: output, taps: taps)
    )
  }

  /// x where the size stays, else its projection; there is no ReLU in it.
  private mutating func shortcut(
    _ input: Graph.NodeID, _ read: Graph.NodeID, _ kind: NetworkDescription.Shortcut, _ block: BlockShape
  ) -> Graph.NodeID {
    guard block.stride != 1 || channels(of: input) != block.outputs else { return input }
    if block.isPreactivated {
      let pooling = kind == .pooledProjection ? block.pooling : nil
      let geometry = ConvolutionGeometry(kernel: 1, stride: kind == .pooledProjection ? 1 : block.stride)
      return convolution(
        pooled(read, pooling, block), block.outputs, geometry, name: block.name + ".shortcut.shortcut_conv")
    }
    switch kind {
    case .projection:
      return convolution(
        input, block.outputs, kernel: 1, stride: block.stride,
        (block.name + ".shortcut.shortcut_conv", block.name + ".shortcut.shortcut_bn"))
    case .pooledProjection:
      return convolution(
        pooled(input, block.pooling, block), block.outputs, kernel: 1,
        (block.name + ".shortcut.pooled_conv", block.name + ".shortcut.pooled_bn"))
    case .subsample:
      let operation = Subsample(stride: block.stride, channels: block.outputs)
      return append(operation, input, channels: block.outputs)
    }
  }

  /// The mean before a projection, if there is one.
  private mutating func pooled(
    _ input: Graph.NodeID, _ pooling: ConvolutionGeometry?, _ block: BlockShape
  ) -> Graph.NodeID {
    pooling.map { append(AveragePool($0, countsPadding: block.stride == 1), input) } ?? input
  }
}
