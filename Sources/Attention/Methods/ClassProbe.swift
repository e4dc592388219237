import EDNets
import Networks
import Tensors

/// One image and a tap of the network, which can be run again on changed images or from changed activations.
public struct ClassProbe {
  /// Images that are run at once.
  static let batch = 16

  /// [1, H, W, 3]
  public let image: Tensor
  /// [1, h, w, C]
  public let activation: Tensor
  /// What is asked, of the image as it is.
  public let score: Double

  let evaluator: Evaluator
  let logits: Graph.NodeID
  /// The tap.
  let node: Graph.NodeID
  /// What else is read behind the tap, as the image gives it.
  let rest: [Graph.NodeID: Tensor]
  /// The class, and the one that is taken off.
  let chosen: (index: Int, against: Int?)

  /// What is asked, of images [N, H, W, 3].
  public func scores(ofImages images: Tensor) throws(EngineError) -> [Double] {
    scores(try evaluator.values(of: [logits], images: images)[logits])
  }

  /// What is asked, of activations [N, h, w, C] instead of the image's own. Nothing below the tap is run again.
  public func scores(ofActivations maps: Tensor) throws(EngineError) -> [Double] {
    var fed = rest.mapValues { $0.repeated(maps.batch) }
    fed[node] = maps
    return scores(try evaluator.values(of: [logits], feeding: fed)[logits])
  }

  private func scores(_ logits: Tensor?) -> [Double] {
    guard let logits else { preconditionFailure("the logits are an output") }
    let count = logits.shape[1]
    return (0..<logits.shape[0]).map { row in
      let score = Double(logits[row * count + chosen.index])
      return chosen.against.map { score - Double(logits[row * count + $0]) } ?? score
    }
  }
}

extension Tensor {
  /// The first image several times.
  fileprivate func repeated(_ times: Int) -> Tensor {
    let size = count / shape[0]
    return Tensor(shape: [times] + shape.dropFirst()) { made in
      withUnsafeElements { values in for i in made.indices { made[i] = values[i % size] } }
    }
  }

  /// One of several images, [1, …].
  func image(_ index: Int) -> Tensor {
    let size = count / shape[0]
    return withUnsafeElements {
      Tensor($0[index * size..<(index + 1) * size], shape: [1] + shape.dropFirst())
    }
  }
}

extension Graph {
  /// Nodes up to and with `node`, other than it, that are read behind it on the way to an output.
  func read(behind node: NodeID, for output: NodeID) -> Set<NodeID> {
    let readers = GraphReaders(self, outputs: [output], fed: [node])
    return Set(ids.filter { $0 > node && readers.needs($0) }.flatMap { self[$0].inputs }.filter { $0 < node })
  }
}
