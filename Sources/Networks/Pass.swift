import Tensors

/// What is asked of one pass, and what is given to it.
struct Pass {
  let outputs: Set<Graph.NodeID>
  let fed: [Graph.NodeID: Tensor]
  let edits: [Graph.NodeID: any Operation]

  /// A node's value as others see it.
  func edited(
    _ value: Tensor, of id: Graph.NodeID, on backend: any ConvolutionBackend
  ) throws(EngineError) -> Tensor {
    try edits[id]?.value(of: [value], on: backend) ?? value
  }
}
