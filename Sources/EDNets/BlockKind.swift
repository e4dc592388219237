import Networks

/// Blocks of a network that are built alike, whatever their channels and the sizes of their maps.
public struct BlockKind: Sendable {
  /// From the image up; at least one.
  public internal(set) var blocks: [Block]

  /// The paper's names, those that follow each other in a stage as one: "conv2_1, conv3_2–4".
  public var paperNames: [String] {
    var runs: [ClosedRange<Int>] = []
    var stages: [Int] = []
    for block in blocks {
      if stages.last == block.stage, let run = runs.last, run.upperBound + 1 == block.position {
        runs[runs.count - 1] = run.lowerBound...block.position
      } else {
        stages.append(block.stage)
        runs.append(block.position...block.position)
      }
    }
    return zip(stages, runs).map { stage, run in
      let first = "conv\(stage + 1)_\(run.lowerBound + 1)"
      return run.count == 1 ? first : "\(first)–\(run.upperBound + 1)"
    }
  }
}

extension Network {
  /// The kinds of blocks there are, in the order of their first block.
  public var blockKinds: [BlockKind] {
    var kinds: [BlockKind] = []
    var places: [[NodeSignature]: Int] = [:]
    for block in blocks {
      let signature = signature(of: block)
      if let place = places[signature] {
        kinds[place].blocks.append(block)
      } else {
        places[signature] = kinds.count
        kinds.append(BlockKind(blocks: [block]))
      }
    }
    return kinds
  }

  /// What a node does, without its channels, and where in the block its inputs stand, -1 for the block's own.
  private struct NodeSignature: Hashable {
    var operation: String
    var inputs: [Int]
  }

  private func signature(of block: Block) -> [NodeSignature] {
    let ids = Array(graph.ids(after: block.input, through: block.output))
    let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($0.element, $0.offset) })
    let shape = description.block(stage: block.stage, position: block.position)
    return [NodeSignature(operation: "stride \(shape.stride)", inputs: [])]
      + ids.map { id in
        NodeSignature(
          operation: Self.signature(of: graph[id].operation),
          inputs: graph[id].inputs.map { places[$0] ?? -1 })
      }
  }

  private static func signature(of operation: any Operation) -> String {
    switch operation.window {
    case .window(let geometry), .transposed(let geometry):
      "\(type(of: operation)) \(geometry.kernel) \(geometry.stride) \(geometry.dilation) \(operation.readInputs ?? 0)"
    case .point, .whole: "\(type(of: operation))"
    }
  }
}
