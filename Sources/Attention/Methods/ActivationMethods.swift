/// Σₖ Aₖ, the map of the paper.
struct DepthSum: LocalMapMethod {
  let name = "depth-sum"
  let asksAboutClass = false

  func map(of seen: SeenImage) -> [Float] { seen.sum { activation, _, _ in activation } }
}

/// The mean over channels.
struct ChannelMean: LocalMapMethod {
  let name = "mean"
  let asksAboutClass = false

  func map(of seen: SeenImage) -> [Float] {
    seen.sum { activation, _, _ in activation / Double(seen.channels) }
  }
}

/// The largest channel.
struct ChannelMaximum: LocalMapMethod {
  let name = "maximum"
  let asksAboutClass = false

  func map(of seen: SeenImage) -> [Float] {
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
struct ChannelRMS: LocalMapMethod {
  let name = "rms"
  let asksAboutClass = false

  func map(of seen: SeenImage) -> [Float] {
    seen.sum { activation, _, _ in activation * activation / Double(seen.channels) }.map { $0.squareRoot() }
  }
}
