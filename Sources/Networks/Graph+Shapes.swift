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

  private static func shape(of operation: Operation, inputs: [[Int]], images: [Int]) -> [Int] {
    func windowed(_ geometry: ConvolutionGeometry, channels: Int) -> [Int] {
      let size = geometry.outputSize(of: Size2D(height: inputs[0][1], width: inputs[0][2]))
      return [inputs[0][0], size.height, size.width, channels]
    }
    switch operation {
    case .input: return images
    case .convolution(let layer): return windowed(layer.geometry, channels: layer.outputs)
    case .transposedConvolution(let layer): return inputs[1].dropLast() + [layer.outputs]
    case .batchNormalization, .relu, .add: return inputs[0]
    case .maxPool(let geometry): return windowed(geometry, channels: inputs[0][3])
    case .globalAverage: return [inputs[0][0], inputs[0][3]]
    case .linear(let layer): return [inputs[0][0], layer.weight.shape[0]]
    case .subsample(let stride, let channels):
      let (height, width) = (inputs[0][1], inputs[0][2])
      return [inputs[0][0], (height + stride - 1) / stride, (width + stride - 1) / stride, channels]
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
