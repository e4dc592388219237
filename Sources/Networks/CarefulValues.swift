import CKernels
import Tensors

/// What a pass gives in which something overflowed, with every node computed by itself: a ReLU that oneDNN computes behind a
/// convolution makes 0 of NaN, so that what is fused would hide it.
struct CarefulValues {
  /// Those of the wanted nodes.
  fileprivate(set) var values: [Graph.NodeID: Tensor] = [:]
  /// Whether some value of an image is not finite.
  fileprivate var isOdd: [Bool]

  fileprivate init(images: Int) { isOdd = [Bool](repeating: false, count: images) }

  /// Whether any image is odd.
  var isNeeded: Bool { isOdd.contains(true) }

  /// A fused pass's value of a node, with those of odd images instead; others keep their bits.
  func corrected(_ value: Tensor, of id: Graph.NodeID) -> Tensor {
    guard let own = values[id], own.shape == value.shape else { return value }
    let size = value.count / isOdd.count
    return Tensor(shape: value.shape) { target in
      value.withUnsafeElements { value in
        own.withUnsafeElements { own in
          for (image, isOdd) in isOdd.enumerated() {
            let range = image * size..<(image + 1) * size
            _ = UnsafeMutableBufferPointer(rebasing: target[range])
              .update(fromContentsOf: (isOdd ? own : value)[range])
          }
        }
      }
    }
  }

  fileprivate mutating func judge(_ value: Tensor) {
    let size = value.count / isOdd.count
    value.withUnsafeElements { elements in
      guard let start = elements.baseAddress else { return }
      for image in isOdd.indices where !isOdd[image] {
        isOdd[image] = edviz_is_finite(start + image * size, Int64(size)) == 0
      }
    }
  }
}

extension Evaluator {
  /// Values with every node computed by itself.
  func carefulValues(of pass: Pass) throws(EngineError) -> CarefulValues {
    carefulPasses.add(1, ordering: .relaxed)
    var values = pass.fed
    for (id, value) in pass.fed { values[id] = try pass.edited(value, of: id, on: backend) }
    var careful = CarefulValues(images: pass.fed.values.first?.batch ?? 0)
    let last = pass.outputs.max()
    for step in plan(for: unfused(pass)).steps {
      if let last, step.output > last { break }
      let inputs = step.inputs.compactMap { values[$0] }
      for id in step.released { values[id] = nil }
      let value = try pass.edited(run(step.kind, inputs, projection: nil), of: step.output, on: backend)
      careful.judge(value)
      if pass.outputs.contains(step.output) { careful.values[step.output] = value }
      if step.isRead { values[step.output] = value }
    }
    return careful
  }

  /// A pass that also wants everything on the way, so that nothing vanishes.
  func unfused(_ pass: Pass) -> Pass {
    let readers = GraphReaders(graph, outputs: pass.outputs, fed: Set(pass.fed.keys))
    return Pass(outputs: Set(graph.ids.filter(readers.needs)), fed: pass.fed, edits: pass.edits)
  }
}
