/// A network as data: nodes in the order in which they can be computed.
///
/// One description serves every use: evaluation fuses what it may, a tap is a node whose value is asked for,
/// complexity is a walk over shapes.
public struct Graph: Sendable {
  /// The place of a node in its graph.
  public struct NodeID: Hashable, Sendable, Comparable {
    let index: Int

    /// In order of computation.
    public static func < (left: NodeID, right: NodeID) -> Bool { left.index < right.index }
  }

  /// An operation and where its inputs come from.
  public struct Node: Sendable {
    /// What is computed.
    public let operation: any Operation
    /// Whose values it is computed from.
    public let inputs: [NodeID]
  }

  private var storage: [Node] = []

  /// A graph without nodes.
  public init() {}

  /// All nodes, in order of computation.
  public var nodes: some RandomAccessCollection<Node> { storage }

  /// All places, in order of computation.
  public var ids: some RandomAccessCollection<NodeID> { storage.indices.lazy.map(NodeID.init(index:)) }

  /// The places behind `first`, up to and with `last`.
  public func ids(after first: NodeID, through last: NodeID) -> some RandomAccessCollection<NodeID> {
    (first.index + 1..<last.index + 1).lazy.map(NodeID.init(index:))
  }

  /// The node at a place.
  public subscript(id: NodeID) -> Node { storage[id.index] }

  /// Adds a node behind its inputs.
  public mutating func append(_ operation: any Operation, _ inputs: NodeID...) -> NodeID {
    append(operation, inputs)
  }

  /// Adds a node behind its inputs.
  public mutating func append(_ operation: any Operation, _ inputs: [NodeID]) -> NodeID {
    precondition(inputs.allSatisfy { $0.index < storage.count }, "a node stands behind its inputs")
    storage.append(Node(operation: operation, inputs: inputs))
    return NodeID(index: storage.count - 1)
  }

  /// Channels of the images, which the first convolution reads.
  public var inputChannels: Int {
    storage.lazy.compactMap { $0.operation as? Convolution }.first?.inputs ?? 3
  }

  /// Every parameter, in the order of the layers; one that two nodes share is there once.
  public var parameters: [Parameter] {
    var seen: Set<ObjectIdentifier> = []
    return ids.flatMap(parameters(at:)).filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  /// The parameters of one node.
  public func parameters(at id: NodeID) -> [Parameter] { self[id].operation.parameters }

  /// The nodes whose values are given, not computed.
  public var inputs: [NodeID] { ids.filter { self[$0].operation is Input } }
}
