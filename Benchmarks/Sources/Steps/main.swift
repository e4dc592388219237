// Times training steps (forward, backward, step) of a network through the library, as Benchmarks/peers/train.py times
// PyTorch's: every step by itself, two more than RUNS to warm up.
//
//   Steps NAME SIDE BATCH RUNS [WEIGHTS]    prints the loss and the seconds of each step, one step a line
//
// The batch is the same in every language: pixel i is sin(i), the label of image n is n modulo the classes. Parameters
// are written to WEIGHTS first, so that another program can begin with them.

import EDViz
import Glibc

let arguments = CommandLine.arguments
guard arguments.count >= 5, let side = Int(arguments[2]), let batch = Int(arguments[3]),
  let runs = Int(arguments[4])
else { fatalError("Steps NAME SIDE BATCH RUNS [WEIGHTS]") }

let network = try Network(ModelRegistry.description(named: arguments[1]))
Initializer.fill(network.parameters, seed: 1)
if arguments.count > 5 {
  try Checkpoint(network.parameters.map { ($0.name, $0.value) }).write(to: arguments[5])
}
let trainer = Trainer(
  network.graph, logits: network.logits,
  groups: [
    ParameterGroup(name: "all", parameters: network.parameters.filter(\.isLearnt), weightDecay: 1e-4)
  ], rule: Trainer.Rule(momentum: 0.9))
let classes = network.description.classes
let images = Tensor(shape: [batch, 3, side, side]) { pixels in
  for i in pixels.indices { pixels[i] = Float(sin(Double(i))) }
}.channelsLast()
let targets = Tensor(shape: [batch, classes]) { targets in
  targets.update(repeating: 0)
  for n in 0..<batch { targets[n * classes + n % classes] = 1 }
}

let clock = ContinuousClock()
for _ in 0..<runs + 2 {
  let start = clock.now
  let (loss, _) = try trainer.accumulate(images: images, targets: targets, loss: .softmax)
  trainer.step(rate: 0.01)
  print(loss, (clock.now - start) / .seconds(1))
}
