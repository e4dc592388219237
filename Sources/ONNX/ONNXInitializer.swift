import Files
import Networks
import Tensors

/// A parameter as the file holds it: its values, or those times a factor for each output channel.
struct ONNXInitializer {
  let name: String
  let shape: [Int]
  private let values: Tensor
  /// A factor for each block of equally many elements.
  private let factors: [Float]?

  init(_ parameter: Parameter) {
    self.init(parameter.name, parameter.value, factors: nil)
  }

  /// Values, multiplied by a factor for each of equally long parts.
  init(_ name: String, _ values: Tensor, factors: [Float]?) {
    self.name = name
    shape = values.shape
    self.values = values
    self.factors = factors
  }

  /// The weights of a convolution whose output channels are multiplied by `scale`.
  init(_ layer: Convolution, scale: Tensor) {
    let scale = scale.elements
    guard layer.isTransposed else {
      self.init(layer.weight.name, layer.weight.value, factors: scale)
      return
    }
    // [in, out/groups, kH, kW]: the blocks of an input channel belong to the outputs of its group.
    let groups = layer.geometry.groups
    let (inputs, outputs) = (layer.inputs / groups, layer.outputs / groups)
    let factors = (0..<layer.inputs).flatMap { input in
      let first = input / inputs * outputs
      return scale[first..<first + outputs]
    }
    self.init(layer.weight.name, layer.weight.value, factors: factors)
  }

  var byteCount: Int { values.count * MemoryLayout<Float>.stride }

  /// Elements that are multiplied at a time.
  private static let chunk = 1 << 16

  /// Writes the elements, and gives the pages of a mapped file back.
  func write(to file: AtomicFile) throws {
    try values.withUnsafeElements { elements in
      guard let factors else { return try file.write(UnsafeRawBufferPointer(elements)) }
      let block = elements.count / factors.count
      let step = max(1, Self.chunk / block)
      for first in stride(from: 0, to: factors.count, by: step) {
        let range = first * block..<min(first + step, factors.count) * block
        try range.map { elements[$0] * factors[$0 / block] }.withUnsafeBytes { try file.write($0) }
      }
    }
    values.releasePages()
  }
}
