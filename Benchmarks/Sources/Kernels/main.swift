// Micro-benchmarks of what encoder-decoder paths add to a network: the grouped encoder, the decoder, and the decoder with the
// end of its block, in every stage of ED-ResNet-50 at 224 pixels and in the first of CIFAR's ED-ResNets, batch 128.
//
//   swift run -c release --package-path Benchmarks Kernels [--filter encoder] [--help]

import Benchmark
import EDViz

struct Path {
  var name: String
  var batch = 1
  var side: Int, channels: Int, code: Int
  var groups = 32
}

let paths = [
  Path(name: "conv2", side: 56, channels: 256, code: 64),
  Path(name: "conv3", side: 28, channels: 512, code: 128),
  Path(name: "conv4", side: 14, channels: 1024, code: 256),
  Path(name: "conv5", side: 7, channels: 2048, code: 512),
  Path(name: "CIFAR conv2", batch: 128, side: 32, channels: 16, code: 16, groups: 16),
]

/// Any numbers of the right size: times do not depend on them.
func tensor(_ shape: [Int]) -> Tensor {
  Tensor(shape: shape) { values in for i in values.indices { values[i] = Float(i % 251) / 125 - 1 } }
}

for path in paths {
  let geometry = ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: path.groups)
  let size = Size2D(path.side)
  let half = geometry.outputSize(of: size)
  let images = tensor([path.batch, path.side, path.side, path.channels])
  let code = tensor([path.batch, half.height, half.width, path.code])
  let encoder = ConvolutionKernel(tensor([path.code, path.channels / path.groups, 3, 3]))
  let epilogue = ConvolutionEpilogue(bias: tensor([path.code]), relu: true)
  let decoder = ConvolutionKernel(tensor([path.code, path.channels / path.groups, 3, 3]))
  let affine = ChannelAffine(scale: tensor([path.channels]), shift: tensor([path.channels]))

  benchmark("encoder \(path.name)") { _ = try images.convolved(with: encoder, geometry, epilogue: epilogue) }
  benchmark("decoder \(path.name)") {
    _ = try code.transposeConvolved(with: decoder, geometry, outputSize: size)
  }
  benchmark("decoder, sum and ReLU \(path.name)") {
    let epilogue = TransposedEpilogue(affine: affine, addends: [images, images], relu: true)
    _ = try code.transposeConvolved(with: decoder, geometry, outputSize: size, epilogue: epilogue)
  }
}

Benchmark.main()
