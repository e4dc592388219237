import Networks

/// A residual block of a built network: where it stands and which node holds each branch.
public struct Block: Sendable {
  /// Stage, from 1 as in `layer1`.
  public let stage: Int
  /// Place in the stage, from 0.
  public let position: Int
  /// x, the shortcut's result and y, which every block has.
  public let input: Graph.NodeID, shortcut: Graph.NodeID, output: Graph.NodeID
  /// The node of each branch that the block has.
  public let taps: [Branch: Graph.NodeID]

  /// The name that torchvision gives it, such as `layer4.2`.
  public var name: String { "layer\(stage).\(position)" }
  /// The name that the paper gives it, such as `conv5_3`.
  public var paperName: String { "conv\(stage + 1)_\(position + 1)" }
  /// The branches that the block has, in the order of computation.
  public var branches: [Branch] { Branch.allCases.filter { taps[$0] != nil } }
}
