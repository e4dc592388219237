import EDNets
import Networks
import Tensors
let name = CommandLine.arguments[1], side = Int(CommandLine.arguments[2])!,
  batch = Int(CommandLine.arguments[3])!
let network = try Network(ModelRegistry.description(named: name))
for p in network.parameters {
  p.value = Tensor(
    (0..<p.count).map { Float(($0 &* 7919) % 1000) / 50000 + (p.role == .runningVariance ? 0.5 : 0) },
    shape: p.shape)
}
let x = Tensor(repeating: 0.5, shape: [batch, side, side, 3])
let e = Evaluator(network.graph)
@MainActor func time(_ outputs: Set<Graph.NodeID>, _ label: String) throws {
  let clock = ContinuousClock()
  let first = try clock.measure { _ = try e.values(of: outputs, images: x) }
  var best = Duration.seconds(100), all: [Duration] = []
  for _ in 0..<40 {
    let d = try clock.measure { _ = try e.values(of: outputs, images: x) }; best = min(best, d); all.append(d)
  }
  all.sort()
  print(name, label, "first", first, "best", best, "median", all[20])
}
try time([network.logits], "logits")
try time(Set(network.blocks.flatMap { $0.taps.values } + [network.logits]), "all taps")
