import Networks
import Tensors

extension NetworkBuilder {
  /// y = ReLU(F(x) + x + ED(x)) (paper, section III-A), where x is projected first if its size changes.
  mutating func residualBlock(
    _ input: Graph.NodeID, _ description: NetworkDescription, stage: Int, position: Int
  ) -> (output: Graph.NodeID, block: Block) {
    let shape = description.stages[stage - 1]
    let stride = position == 0 ? shape.stride : 1
    let name = "layer\(stage).layer\(stage)_block_\(position)"
    var taps: [Branch: Graph.NodeID] = [.input: input]

    let transform = transform(input, description.transform, width: shape.width, stride: stride, name: name)
    let shortcut = shortcut(
      input, description.shortcut, channels: channels(of: transform), stride: stride, name: name)
    taps[.transform] = transform
    taps[.shortcut] = shortcut

    let sum: Graph.NodeID
    switch description.path {
    case nil: sum = append(.add, transform, shortcut)
    case .encoderDecoder(let groups):
      let (encoder, decoder) = encoderDecoder(shortcut, width: shape.width, groups: groups, name: name)
      taps[.encoder] = encoder
      taps[.decoder] = decoder
      sum = append(.add, transform, shortcut, decoder)
    case .twoConvolution(let groups):
      let (encoder, decoder) = twoConvolutions(shortcut, width: shape.width, groups: groups, name: name)
      taps[.encoder] = encoder
      taps[.decoder] = decoder
      sum = append(.add, transform, shortcut, decoder)
    }
    let output = relu(sum)
    taps[.sum] = sum
    taps[.output] = output
    return (output, Block(stage: stage, position: position, taps: taps))
  }

  /// F.
  private mutating func transform(
    _ input: Graph.NodeID, _ kind: NetworkDescription.Transform, width: Int, stride: Int, name: String
  ) -> Graph.NodeID {
    let layers: [(outputs: Int, kernel: Int, stride: Int)]
    switch kind {
    case .basic: layers = [(width, 3, stride), (width, 3, 1)]
    case .bottleneck(let expansion): layers = [(width, 1, 1), (width, 3, stride), (width * expansion, 1, 1)]
    }
    var x = input
    for (index, layer) in layers.enumerated() {
      if index > 0 { x = relu(x) }
      x = convolution(
        x, layer.outputs, kernel: layer.kernel, stride: layer.stride, name: "\(name).conv_conv\(index + 1)",
        norm: "\(name).bn_bn\(index + 1)")
    }
    return x
  }

  /// x where the size stays, else its projection; there is no ReLU in it.
  private mutating func shortcut(
    _ input: Graph.NodeID, _ kind: NetworkDescription.Shortcut, channels outputs: Int, stride: Int,
    name: String
  ) -> Graph.NodeID {
    guard stride != 1 || channels(of: input) != outputs else { return input }
    switch kind {
    case .projection:
      return convolution(
        input, outputs, kernel: 1, stride: stride, name: name + ".shortcut.shortcut_conv",
        norm: name + ".shortcut.shortcut_bn")
    case .subsample:
      return append(.subsample(stride: stride, channels: outputs), input, channels: outputs)
    }
  }

  /// ED: a 3×3 convolution of stride 2 and a 3×3 transposed convolution back to the size of its input, both in
  /// groups. There is no ReLU behind the decoder, "to avoid removing negative responses" (paper, section IV).
  private mutating func encoderDecoder(
    _ input: Graph.NodeID, width: Int, groups: Int, name: String
  ) -> (encoder: Graph.NodeID, decoder: Graph.NodeID) {
    let encoder = relu(
      convolution(
        input, width, kernel: 3, stride: 2, groups: groups, name: name + ".encoder.encoder_conv",
        norm: name + ".encoder.encoder_bn"))
    let outputs = channels(of: input)
    let layer = Convolution(
      name: name + ".decoder.decoder_conv", inputs: width, outputs: outputs,
      geometry: ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: groups), transposed: true)
    let decoded = append(.transposedConvolution(layer), encoder, input, channels: outputs)
    let norm = BatchNormalization(name: name + ".decoder.decoder_bn", channels: outputs)
    return (encoder, append(.batchNormalization(norm), decoded))
  }

  /// The baseline that the paper compares ED with: two 3×3 convolutions at the resolution of the input, under the
  /// names of encoder and decoder.
  private mutating func twoConvolutions(
    _ input: Graph.NodeID, width: Int, groups: Int, name: String
  ) -> (encoder: Graph.NodeID, decoder: Graph.NodeID) {
    let encoder = relu(
      convolution(
        input, width, kernel: 3, groups: groups, name: name + ".encoder.encoder_conv",
        norm: name + ".encoder.encoder_bn"))
    let decoder = convolution(
      encoder, channels(of: input), kernel: 3, groups: groups, name: name + ".decoder.decoder_conv",
      norm: name + ".decoder.decoder_bn")
    return (encoder, decoder)
  }
}
