import Networks
import Tensors

/// The pixels of the image that can change one value of a map, along one axis, far from the image's edges.
public struct ReceptiveField: Hashable, Sendable {
  /// Pixels of the image between neighbouring values of the map.
  public let step: Int
  /// First and last pixel that value 0 sees.
  public let first: Int, last: Int

  /// Number of pixels from the first to the last that it sees.
  public var size: Int { last - first + 1 }

  /// The image's own field.
  static let pixel = ReceptiveField(step: 1, first: 0, last: 0)

  /// Behind a window: value i reads values i · stride − padding … + kernel − 1.
  func windowed(kernel: Int, stride: Int, padding: Int) -> ReceptiveField {
    ReceptiveField(
      step: step * stride, first: first - padding * step, last: last + (kernel - 1 - padding) * step)
  }

  /// Behind a transposed convolution: value o reads every i with o = i · stride − padding + k, k from 0 to kernel − 1.
  /// How many those are depends on o; this is the field of all values at its place within a step, which is that of the
  /// widest where one lies in the others.
  func transposed(kernel: Int, stride: Int, padding: Int) -> ReceptiveField {
    let step = step / stride
    let fields = (0..<stride).map { o -> (first: Int, last: Int) in
      let low = Int((Double(o + padding - kernel + 1) / Double(stride)).rounded(.up))
      let high = (o + padding) / stride
      return (first + low * self.step - o * step, last + high * self.step - o * step)
    }
    let widest = fields.max { $0.last - $0.first < $1.last - $1.first } ?? (first, last)
    return ReceptiveField(step: step, first: widest.first, last: widest.last)
  }

  /// Of a value that is made of two.
  func joined(_ other: ReceptiveField) -> ReceptiveField {
    ReceptiveField(step: step, first: min(first, other.first), last: max(last, other.last))
  }
}

extension Graph {
  /// The receptive field of every map, rows and columns alike; nil for what reads the whole image at once. What a gate
  /// learns from a global pooling is left out: with it each value behind the first gate sees everything.
  public func receptiveFields() -> [NodeID: ReceptiveField] {
    var fields: [NodeID: ReceptiveField] = [:]
    for id in ids { fields[id] = receptiveField(at: id, fields) }
    return fields
  }

  private func receptiveField(at id: NodeID, _ fields: [NodeID: ReceptiveField]) -> ReceptiveField? {
    let inputs = self[id].inputs.compactMap { fields[$0] }
    let operation = self[id].operation
    if operation is Input { return .pixel }
    switch operation.window {
    case .window(let geometry): return inputs.first?.windowed(geometry)
    case .transposed(let geometry):
      return fields[self[id].inputs[0]]?.transposed(
        kernel: geometry.kernel.height, stride: geometry.stride.height, padding: geometry.padding.height)
    case .whole: return nil
    case .point: return inputs.dropFirst().reduce(inputs.first) { $0?.joined($1) }
    }
  }
}

extension ReceptiveField {
  fileprivate func windowed(_ geometry: ConvolutionGeometry) -> ReceptiveField {
    windowed(
      kernel: geometry.dilation.height * (geometry.kernel.height - 1) + 1, stride: geometry.stride.height,
      padding: geometry.padding.height)
  }
}
