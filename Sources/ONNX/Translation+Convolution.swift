import Networks
import Tensors

extension Translation {
  /// A convolution or transposed convolution with the normalisation behind it, if that is folded into it.
  mutating func convolution(_ id: Graph.NodeID, norm: BatchNormalization?, name: String) -> String {
    guard let layer = network[id].operation as? Convolution else {
      preconditionFailure("only convolutions are translated here")
    }
    let inputs = network[id].inputs.map { values[$0, default: ""] }
    let operands = [inputs[0]] + parameters(layer, norm)
    let attributes = [ONNXAttributeProto].convolution(layer.geometry)
    guard layer.isTransposed else { return builder.node("Conv", operands, attributes, name: name) }
    let padding = outputPadding(id, layer.geometry)
    func padded(_ name: String) -> String {
      builder.node("ConvTranspose", operands, attributes + [.size("output_padding", padding)], name: name)
    }
    guard inputSize == nil, padding != Size2D(0) else { return padded(name) }
    let whole = padded(builder.unused(name + ".whole"))
    let size = builder.node("Shape", [inputs[1]], [.int("start", 2)], name: builder.unused(name + ".size"))
    return builder.node(
      "Slice", [whole, builder.constant([0, 0]), size, builder.constant([2, 3])], name: name)
  }

  /// Rows and columns that a transposed convolution adds at the end of its map, to reach the size of its second input.
  ///
  /// ONNX wants to know them beforehand. Where images may have any size, these are the most there can be, one less than
  /// the stride: the first rows and columns of the result are then the same, and what is too much is cut off.
  private func outputPadding(_ id: Graph.NodeID, _ geometry: ConvolutionGeometry) -> Size2D {
    guard inputSize != nil else {
      return Size2D(height: geometry.stride.height - 1, width: geometry.stride.width - 1)
    }
    let sizes = network[id].inputs.map { input in
      let shape = shapes[input, default: []]
      return Size2D(height: shape[1], width: shape[2])
    }
    let unpadded = geometry.transposedOutputSize(of: sizes[0])
    return Size2D(
      height: sizes[1].height - unpadded.height, width: sizes[1].width - unpadded.width)
  }

  private mutating func parameters(_ layer: Convolution, _ norm: BatchNormalization?) -> [String] {
    guard let norm else { return [builder.add(layer.weight)] }
    let affine = norm.affine()
    return [
      builder.add(ONNXInitializer(layer, scale: affine.scale)),
      builder.add(ONNXInitializer(norm.shift.name, affine.shift, factors: nil)),
    ]
  }
}
