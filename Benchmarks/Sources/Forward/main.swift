// Times forward passes of a network through the library, as the programs in Benchmarks/peers time others: three to warm
// up, then each by itself.
//
//   Forward WEIGHTS INPUT.npy RUNS LOGITS.npy [taps]
//
// The input is [N, 3, H, W]. Prints the seconds of each pass, one a line. With `taps` every branch of every block is
// kept.

import EDViz

let arguments = CommandLine.arguments
guard arguments.count >= 5, let runs = Int(arguments[3]) else {
  fatalError("Forward WEIGHTS INPUT.npy RUNS LOGITS.npy [taps]")
}

let model = try Model(checkpoint: Checkpoint(contentsOf: arguments[1]))
let network = model.network
let evaluator = Evaluator(network.graph)
let input = try NumPyArray(contentsOf: arguments[2])
let images = Tensor(input.elements, shape: input.shape).channelsLast()
var wanted: Set = [network.logits]
if arguments.contains("taps") { wanted.formUnion(network.blocks.flatMap { $0.taps.values }) }

let clock = ContinuousClock()
for run in 0..<runs + 3 {
  let start = clock.now
  let values = try evaluator.values(of: wanted, images: images)
  if run >= 3 { print((clock.now - start) / .seconds(1)) }
  guard run == 0, let logits = values[network.logits] else { continue }
  try AtomicFile.write(NumPyArray(shape: logits.shape, elements: logits.elements).encoded, to: arguments[4])
}
