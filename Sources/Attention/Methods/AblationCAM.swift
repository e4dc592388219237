import Tensors

/// Σₖ (S − S₋ₖ) Aₖ, S₋ₖ the score with channel k at 0 (Desai and Ramaswamy, "Ablation-CAM", 2020). It is not divided by S, as the
/// paper has it: that turns the map over where a score is negative, and changes nothing else.
struct AblationCAM: ProbingMapMethod {
  let name = "ablation-cam"

  func weights(_ probe: ClassProbe) throws -> [Double] {
    let (activation, channels) = (probe.activation, probe.activation.channels)
    var weights: [Double] = []
    for start in stride(from: 0, to: channels, by: ClassProbe.batch) {
      let range = start..<min(start + ClassProbe.batch, channels)
      let maps = Tensor(shape: [range.count] + activation.shape.dropFirst()) { made in
        activation.withUnsafeElements { values in
          for (n, k) in range.enumerated() {
            for i in values.indices { made[n * values.count + i] = i % channels == k ? 0 : values[i] }
          }
        }
      }
      weights += try probe.scores(ofActivations: maps).map { probe.score - $0 }
    }
    return weights
  }
}
