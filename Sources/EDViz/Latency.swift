/// How long a network takes for one image in evaluation, with weights drawn at random: the time does not depend on them.
public struct Latency: Encodable, Sendable {
  /// Milliseconds of the middle pass, the quickest and the slowest.
  public let median: Double, least: Double, most: Double
  /// Passes that were measured.
  public let count: Int
  /// Threads that computed.
  public let threads: Int

  /// Measures for about two seconds, ten passes at least, after three that are not counted. The network's parameters
  /// are overwritten.
  /// - Throws: `EngineError`.
  public init(_ network: Network, size: Size2D) throws {
    Initializer.fill(network.parameters, seed: 1)
    let evaluator = Evaluator(network.graph)
    let images = Tensor(repeating: 0.5, shape: [1, size.height, size.width, 3])
    let clock = ContinuousClock()
    func pass() throws -> Double {
      let start = clock.now
      _ = try evaluator.values(of: [network.logits], images: images)
      return Double((clock.now - start) / .nanoseconds(1)) / 1e6
    }
    for _ in 0..<3 { _ = try pass() }
    var times: [Double] = []
    while times.count < 10 || times.count < 1000 && times.reduce(0, +) < 2000 { times.append(try pass()) }
    times.sort()
    median = times[times.count / 2]
    least = times[0]
    most = times[times.count - 1]
    count = times.count
    threads = Threads.count
  }
}
