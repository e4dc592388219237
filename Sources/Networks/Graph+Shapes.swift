import Tensors

extension Graph {
  /// The shape of every node's value for images of `shape` [N, H, W, C], without computing any.
  /// - Precondition: channels agree, which whoever builds the graph sees to.
  public func shapes(input shape: [Int]) -> [NodeID: [Int]] {
    precondition(shape.count == 4 && shape.allSatisfy { $0 > 0 }, "images are [N, H, W, C], not \(shape)")
    var shapes: [NodeID: [Int]] = [:]
    for id in ids {
      let node = self[id]
      shapes[id] =
        node.operation is Input ? shape : node.operation.shape(of: node.inputs.map { shapes[$0] ?? [] })
    }
    return shapes
  }

  /// Whether images of `shape` [N, H, W, C] are large enough: every window fits its map.
  public func fits(images shape: [Int]) -> Bool {
    shapes(input: shape).values.allSatisfy { $0.allSatisfy { $0 > 0 } }
  }

  /// Multiply-accumulates of every node that has any, for images of `shape` [N, H, W, C].
  public func multiplyAccumulates(input shape: [Int]) -> [NodeID: Int] {
    let shapes = shapes(input: shape)
    var counts: [NodeID: Int] = [:]
    for id in ids {
      let count = self[id].operation.multiplyAccumulates(
        inputs: self[id].inputs.map { shapes[$0] ?? [] }, output: shapes[id] ?? [])
      if count > 0 { counts[id] = count }
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
