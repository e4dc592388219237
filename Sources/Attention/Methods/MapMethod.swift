import Tensors

/// A way to make a map of what a block does. A new one is a file of its own, and a line in `MapMethods`.
public protocol MapMethod: Sendable {
  /// As on the command line and in files: lower case with hyphens.
  var name: String { get }

  /// Whether it asks about a class.
  var asksAboutClass: Bool { get }

  /// Whether it means something where values can be negative; true by default.
  var allowsNegativeValues: Bool { get }
}

/// A map made of one image's activation and, if it asks about a class, of the gradient of that class's score.
public protocol LocalMapMethod: MapMethod {
  /// The map before ReLU, scaling and resizing: a value for each cell.
  func map(of seen: SeenImage) -> [Float]
}

/// A map Σₖ wₖ Aₖ whose weights are found by running the network again.
public protocol ProbingMapMethod: MapMethod {
  /// A weight for each channel.
  func weights(_ probe: ClassProbe) throws -> [Double]
}

extension MapMethod {
  /// True by default.
  public var asksAboutClass: Bool { true }

  /// True by default.
  public var allowsNegativeValues: Bool { true }
}

/// One image's activation at a tap, and the gradient of a class's score there.
public struct SeenImage {
  /// Cells of the map, row by row.
  public let cells: Int
  /// Channels of each cell.
  public let channels: Int
  /// [cells, channels]
  public let activation: UnsafeBufferPointer<Float>
  /// [cells, channels]; empty if no class is asked about.
  public let gradient: UnsafeBufferPointer<Float>

  /// A map with, for each cell, the sum over channels of what `value` makes of activation, gradient and channel.
  func sum(_ value: (_ activation: Double, _ gradient: Double, _ channel: Int) -> Double) -> [Float] {
    let hasGradient = !gradient.isEmpty
    return (0..<cells).map { cell in
      var total = 0.0
      for k in 0..<channels {
        let place = cell * channels + k
        total += value(Double(activation[place]), hasGradient ? Double(gradient[place]) : 0, k)
      }
      return Float(total)
    }
  }

  /// For each channel the sum over cells of what `value` makes of activation and gradient.
  func channelSums(_ value: (_ activation: Double, _ gradient: Double) -> Double) -> [Double] {
    let hasGradient = !gradient.isEmpty
    var totals = [Double](repeating: 0, count: channels)
    for cell in 0..<cells {
      for k in 0..<channels {
        let place = cell * channels + k
        totals[k] += value(Double(activation[place]), hasGradient ? Double(gradient[place]) : 0)
      }
    }
    return totals
  }

  /// Σₖ wₖ Aₖ.
  func weighted(_ weights: [Double]) -> [Float] { sum { activation, _, k in weights[k] * activation } }
}
