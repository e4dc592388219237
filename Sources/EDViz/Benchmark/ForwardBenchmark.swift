/// How fast a network is in evaluation, as a whole and in each branch of each block, beside what the processor can do.
///
/// The processor's peak is measured between the passes, so that both see the same machine.
public struct ForwardBenchmark: Encodable, Sendable {
  /// What is measured.
  public struct Setting: Sendable {
    /// Rows and columns of the images.
    public var size: Size2D
    /// Images in a pass.
    public var batch = 1
    /// Whether every branch of every block is tapped; else the logits alone are wanted.
    public var taps = false
    /// Passes, if their number is given; three before them are not counted.
    public var runs: Int?
    /// Seconds to measure for, where the number of passes is not given: ten passes at least, a thousand at most.
    public var seconds = 2.0

    /// One image, without taps, for two seconds.
    public init(size: Size2D) { self.size = size }
  }

  /// What some of the steps of a pass took.
  public struct Cost: Encodable, Sendable {
    /// Milliseconds in the mean pass.
    public fileprivate(set) var milliseconds = 0.0
    /// Share of the mean pass.
    public fileprivate(set) var share = 0.0
    /// Multiply-accumulates in a pass.
    public fileprivate(set) var multiplyAccumulates = 0
    /// Thousands of millions of floating-point operations in a second, two for each multiply-accumulate.
    public fileprivate(set) var gigaflops = 0.0
  }

  /// A branch of a block, the stem or the head.
  public struct Part: Encodable, Sendable {
    /// torchvision's name of the block; `stem` or `head`.
    public let block: String
    /// `shortcut`, `transform`, `encoder`, `decoder` or `sum` (with the ReLU behind it); none for stem and head.
    public let branch: Branch?
    /// What it took.
    public let cost: Cost
  }

  /// Rows and columns of the images.
  public let size: Size2D
  /// Images in a pass.
  public let batch: Int
  /// Whether every branch of every block was tapped.
  public let taps: Bool
  /// Threads that computed.
  public let threads: Int
  /// The instruction set of the hand-written loops.
  public let kernels: String
  /// The library of the other convolutions.
  public let backend: String
  /// Milliseconds of a pass.
  public let latency: Spread
  /// Images in a second, of the middle pass.
  public let imagesPerSecond: Double
  /// Multiply-accumulates of convolutions and linear layers in a pass.
  public let multiplyAccumulates: Int
  /// Thousands of millions of floating-point operations in a second, of the middle pass, two for each multiply-accumulate.
  public let gigaflops: Double
  /// The processor's peak: thousands of millions of floating-point operations in a second.
  public let peak: Spread
  /// `gigaflops` over the peak's middle value.
  public let shareOfPeak: Double
  /// Milliseconds that a pass would take at the peak.
  public let floor: Double
  /// The middle pass over `floor`.
  public let timesFloor: Double
  /// The most bytes that the process has held.
  public let peakMemory: Int
  /// Milliseconds of the mean pass that `parts` are of: the mean of the quicker half, so that parts add up and what other
  /// programs disturbed counts little.
  public let meanPass: Double
  /// Every part that was computed, in the order of computation.
  public let parts: [Part]
  /// What lies between the steps.
  public let rest: Double

  /// Measures a network whose parameters have values; times do not depend on which.
  /// - Throws: `AttentionError.imagesTooSmall`, `EngineError`.
  public init(_ network: Network, _ setting: Setting) throws {
    let shape = [setting.batch, setting.size.height, setting.size.width, network.graph.inputChannels]
    guard network.graph.fits(images: shape) else { throw AttentionError.imagesTooSmall(imageShape: shape) }
    let taps = setting.taps ? network.blocks.flatMap { $0.taps.values } : []
    let passes = ForwardPasses(network, outputs: Set([network.logits] + taps), images: shape)
    let processor = ProcessorPeak()
    var peaks: [Double] = []
    try passes.run(setting.runs.map { .runs($0) } ?? .seconds(setting.seconds)) {
      peaks.append(processor.measured())
    }
    (size, batch, self.taps) = (setting.size, setting.batch, setting.taps)
    (threads, kernels, backend) = (Threads.count, Threads.kernelLevel, ConvolutionBackends.preferred.name)
    latency = Spread(passes.measured.map { $0.whole })
    peak = Spread(peaks)
    let counts = network.graph.multiplyAccumulates(input: shape)
    multiplyAccumulates = counts.values.reduce(0, +)
    imagesPerSecond = Double(batch) / latency.median * 1000
    gigaflops = Self.gigaflops(multiplyAccumulates, latency.median)
    shareOfPeak = gigaflops / peak.median
    floor = 2 * Double(multiplyAccumulates) / peak.median / 1e6
    timesFloor = latency.median / floor
    peakMemory = PhysicalMemory.peakOfProcess

    let middle = latency.median
    let quicker = passes.measured.filter { $0.whole <= middle }
    let mean = quicker.map { $0.whole }.reduce(0, +) / Double(quicker.count)
    meanPass = mean
    var milliseconds: [NetworkPart: Double] = [:]
    for pass in quicker { milliseconds.merge(pass.parts) { $0 + $1 } }
    let nodes = network.parts
    let work = counts.reduce(into: [NetworkPart: Int]()) { work, count in
      if let part = nodes[count.key] { work[part, default: 0] += count.value }
    }
    parts = Self.order(network).compactMap { part, block, branch in
      guard let time = milliseconds[part].map({ $0 / Double(quicker.count) }) else { return nil }
      let cost = Self.cost(time, work[part] ?? 0, of: mean)
      return Part(block: block, branch: branch, cost: cost)
    }
    rest = mean - parts.map { $0.cost.milliseconds }.reduce(0, +)
  }

  /// What the parts took that a condition holds for.
  public func total(where isMember: (Part) -> Bool) -> Cost {
    let members = parts.filter(isMember).map { $0.cost }
    return Self.cost(
      members.map { $0.milliseconds }.reduce(0, +), members.map { $0.multiplyAccumulates }.reduce(0, +),
      of: meanPass)
  }

  private static func gigaflops(_ multiplyAccumulates: Int, _ milliseconds: Double) -> Double {
    2 * Double(multiplyAccumulates) / milliseconds / 1e6
  }

  private static func cost(_ milliseconds: Double, _ multiplyAccumulates: Int, of whole: Double) -> Cost {
    Cost(
      milliseconds: milliseconds, share: milliseconds / whole, multiplyAccumulates: multiplyAccumulates,
      gigaflops: milliseconds > 0 ? gigaflops(multiplyAccumulates, milliseconds) : 0)
  }

  private static func order(_ network: Network) -> [(part: NetworkPart, block: String, branch: Branch?)] {
    let branches: [Branch] = [.shortcut, .transform, .encoder, .decoder, .sum]
    let blocks = network.blocks.enumerated().flatMap { index, block in
      branches.map { (NetworkPart.branch(block: index, $0), block.name, Optional($0)) }
    }
    return [(.stem, "stem", nil)] + blocks + [(.head, "head", nil)]
  }
}
