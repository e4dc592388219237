/// Forward passes of a network that are timed, each as a whole and by the parts of the network.
final class ForwardPasses {
  /// When there are enough of them.
  enum Limit: Hashable, Sendable {
    /// So many passes.
    case runs(Int)
    /// For so long with what is done between them, but ten passes at least and a thousand at most.
    case seconds(Double)
  }

  /// One pass, in milliseconds.
  struct Pass {
    var whole: Double
    var parts: [NetworkPart: Double] = [:]
  }

  private let evaluator: Evaluator
  private let outputs: Set<Graph.NodeID>
  private let images: Tensor
  private let parts: [Graph.NodeID: NetworkPart]
  private let operations: [Graph.NodeID: Int]
  private(set) var measured: [Pass] = []

  /// Passes for images of one value of shape [N, H, W, channels].
  init(_ network: Network, outputs: Set<Graph.NodeID>, images shape: [Int]) {
    evaluator = Evaluator(network.graph)
    self.outputs = outputs
    images = Tensor(repeating: 0.5, shape: shape)
    parts = network.parts
    operations = network.graph.multiplyAccumulates(input: shape)
  }

  /// Measures until there are enough, after three passes that are not counted.
  /// - Parameter between: done after each pass, and not timed.
  func run(_ limit: Limit, between: () -> Void = {}) throws(EngineError) {
    for _ in 0..<3 { _ = try pass() }
    let start = ContinuousClock.now
    while !isEnough(limit, ContinuousClock.now - start) {
      measured.append(try pass())
      between()
    }
  }

  private func isEnough(_ limit: Limit, _ elapsed: Duration) -> Bool {
    switch limit {
    case .runs(let count): measured.count >= count
    case .seconds(let seconds):
      measured.count >= 10 && (measured.count >= 1000 || elapsed >= .seconds(seconds))
    }
  }

  private func pass() throws(EngineError) -> Pass {
    var pass = Pass(whole: 0)
    let start = ContinuousClock.now
    _ = try evaluator.values(of: outputs, images: images) { [parts, operations] nodes, duration in
      // A step that convolves belongs where its weights are, another one where its value is. If it is of two parts, time
      // is taken to be spent as multiply-accumulates are.
      let convolving = nodes.filter { operations[$0] != nil }
      let all = Double(convolving.compactMap { operations[$0] }.reduce(0, +))
      for place in convolving.isEmpty ? nodes.suffix(1) : convolving {
        guard let part = parts[place] else { continue }
        let share = operations[place].map { Double($0) / all } ?? 1
        pass.parts[part, default: 0] += share * (duration / .milliseconds(1))
      }
    }
    pass.whole = (ContinuousClock.now - start) / .milliseconds(1)
    return pass
  }
}
