import Tensors

extension Graph {
  /// The shape of every node's value for images of `shape` [N, H, W, C], without computing any.
  /// - Precondition: channels agree, which whoever builds the graph sees to.
  public func shapes(input shape: [Int]) -> [NodeID: [Int]] {
    precondition(shape.count == 4 && shape.allSatisfy { $0 > 0 }, "images are [N, H, W, C], not \(shape)")
    var shapes: [NodeID: [Int]] = [:]
    for id in ids {
      let inputs = self[id].inputs.map { shapes[$0] ?? [] }
      shapes[id] = Self.shape(of: self[id].operation, inputs: inputs, images: shape)
    }
    return shapes
  }

  /// Whether images of `shape` [N, H, W, C] are large enough: every window fits its map.
  public func fits(images shape: [Int]) -> Bool {
    shapes(input: shape).values.allSatisfy { $0.allSatisfy { $0 > 0 } }
  }

  private static func shape(of operation: Operation, inputs: [[Int]], images: [Int]) -> [Int] {
    switch operation {
    case .input: return images
    case .convolution(let layer): return layer.geometry.outputShape(of: inputs[0], channels: layer.outputs)
    case .transposedConvolution(let layer): return inputs[1].dropLast() + [layer.outputs]
    case .batchNormalization, .relu, .add: return inputs[0]
    case .linear(let layer): return [inputs[0][0], layer.weight.shape[0]]
    case .elementary(let operation): return operation.shape(of: inputs)
    }
  }

  /// Multiply-accumulates of every convolution and linear layer for images of `shape` [N, H, W, C].
  ///
  /// A transposed convolution counts one for each weight and input position, as its data gradient does.
  public func multiplyAccumulates(input shape: [Int]) -> [NodeID: Int] {
    let shapes = shapes(input: shape)
    var counts: [NodeID: Int] = [:]
    for id in ids {
      func positions(_ id: NodeID) -> Int { shapes[id].map { $0.dropLast().reduce(1, *) } ?? 0 }
      switch self[id].operation {
      case .convolution(let layer): counts[id] = layer.weight.count * positions(id)
      case .transposedConvolution(let layer): counts[id] = layer.weight.count * positions(self[id].inputs[0])
      case .linear(let layer): counts[id] = layer.weight.count * shape[0]
      default: break
      }
    }
    return counts
  }
}

extension ConvolutionGeometry {
  /// The shape of what a window of this geometry makes of [N, H, W, C].
  func outputShape(of input: [Int], channels: Int) -> [Int] {
    let size = outputSize(of: Size2D(height: input[1], width: input[2]))
    return [input[0], size.height, size.width, channels]
  }
}
