// Times forward passes of a network through the library, the same way in which Benchmarks/peers/pytorch.py times
// PyTorch: some calls to warm up, then each call by itself.
//
//   Forward WEIGHTS SIDE BATCH RUNS [taps]      prints the seconds of each run, one a line

import EDViz

guard CommandLine.arguments.count >= 5, let side = Int(CommandLine.arguments[2]),
  let batch = Int(CommandLine.arguments[3]), let runs = Int(CommandLine.arguments[4])
else { fatalError("Forward WEIGHTS SIDE BATCH RUNS [taps]") }

let model = try Model(checkpoint: Checkpoint(contentsOf: CommandLine.arguments[1]))
let network = model.network
let evaluator = Evaluator(network.graph)
let images = Tensor(repeating: 0.5, shape: [batch, side, side, 3])
var wanted: Set = [network.logits]
if CommandLine.arguments.contains("taps") { wanted.formUnion(network.blocks.flatMap { $0.taps.values }) }

for _ in 0..<3 { _ = try evaluator.values(of: wanted, images: images) }
let clock = ContinuousClock()
for _ in 0..<runs {
  let start = clock.now
  _ = try evaluator.values(of: wanted, images: images)
  print((clock.now - start) / .seconds(1))
}
