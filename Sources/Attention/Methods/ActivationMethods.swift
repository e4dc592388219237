/// Σₖ Aₖ, the map of the paper.
public struct DepthSum: LocalMapMethod {
  public let name = "depth-sum"
  public let asksAboutClass = false

  public func map(of seen: SeenImage) -> [Float] { seen.sum { activation, _, _ in activation } }
}

/// The mean over channels.
public struct ChannelMean: LocalMapMethod {
  public let name = "mean"
  public let asksAboutClass = false

  public func map(of seen: SeenImage) -> [Float] {
    seen.sum { activation, _, _ in activation / Double(seen.channels) }
  }
}

/// The largest channel.
public struct ChannelMaximum: LocalMapMethod {
  public let name = "maximum"
  public let asksAboutClass = false

  public func map(of seen: SeenImage) -> [Float] {
    (0..<seen.cells).map { cell in
      seen.activation[cell * seen.channels..<(cell + 1) * seen.channels].reduce(-Float.infinity) {
        largest, value in
        // A NaN stays one.
        value > largest || value.isNaN ? value : largest
      }
    }
  }
}

/// The root of the mean over channels of squares.
public struct ChannelRMS: LocalMapMethod {
  public let name = "rms"
  public let asksAboutClass = false

  public func map(of seen: SeenImage) -> [Float] {
    seen.sum { activation, _, _ in activation * activation / Double(seen.channels) }.map { $0.squareRoot() }
  }
}
