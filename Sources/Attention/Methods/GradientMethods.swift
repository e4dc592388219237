/// Σₖ wₖ Aₖ with the classifier's weights w of the class (Zhou et al., "Learning deep features for discriminative localization",
/// 2016): of the output of the last block alone, before average pooling and one linear layer, whose gradient is w / cells.
struct CAM: LocalMapMethod {
  let name = "cam"

  func map(of seen: SeenImage) -> [Float] {
    seen.sum { activation, gradient, _ in Double(seen.cells) * gradient * activation }
  }
}

/// Σₖ ḡₖ Aₖ, ḡ the mean over cells (Selvaraju et al., "Grad-CAM: Visual explanations from deep networks via gradient-based
/// localization", 2017).
struct GradCAM: LocalMapMethod {
  let name = "grad-cam"

  func map(of seen: SeenImage) -> [Float] {
    seen.weighted(seen.channelSums { _, gradient in gradient / Double(seen.cells) })
  }
}

/// Σₖ vₖ Aₖ with vₖ = Σ [g]₊ / (2 + ΣA·g), which is the weight of Chattopadhay et al. ("Grad-CAM++", 2018) without what keeps
/// their fraction from 0 / 0.
struct GradCAMPlusPlus: LocalMapMethod {
  let name = "grad-cam++"
  /// 2 + ΣA·g may be 0 otherwise.
  let allowsNegativeValues = false

  func map(of seen: SeenImage) -> [Float] {
    let sums = seen.channelSums { activation, _ in activation }
    var weights = [Double](repeating: 0, count: seen.channels)
    for cell in 0..<seen.cells {
      for k in 0..<seen.channels {
        let gradient = Double(seen.gradient[cell * seen.channels + k])
        if gradient > 0 {
          weights[k] += gradient / (2 + sums[k] * gradient)
        } else if gradient.isNaN {
          weights[k] = gradient
        }
      }
    }
    return seen.weighted(weights)
  }
}

/// Σₖ gₖ ⊙ Aₖ (Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations", 2020).
struct HiResCAM: LocalMapMethod {
  let name = "hires-cam"

  func map(of seen: SeenImage) -> [Float] {
    seen.sum { activation, gradient, _ in gradient * activation }
  }
}

/// Σₖ vₖ Aₖ with vₖ = Σ g·A / ΣA (Fu et al., "Axiom-based Grad-CAM", 2020).
struct XGradCAM: LocalMapMethod {
  let name = "xgrad-cam"
  /// ΣA may be 0 otherwise.
  let allowsNegativeValues = false

  func map(of seen: SeenImage) -> [Float] {
    let sums = seen.channelSums { activation, _ in activation }
    let products = seen.channelSums { activation, gradient in activation * gradient }
    return seen.weighted(zip(products, sums).map { $0 / ($1 + 1e-7) })
  }
}

/// Σₖ [gₖ]₊ ⊙ Aₖ (Jiang et al., "LayerCAM: exploring hierarchical class activation maps for localization", 2021).
struct LayerCAM: LocalMapMethod {
  let name = "layer-cam"
  /// Evidence against the class would count for it otherwise.
  let allowsNegativeValues = false

  func map(of seen: SeenImage) -> [Float] {
    seen.sum { activation, gradient, _ in (gradient < 0 ? 0 : gradient) * activation }
  }
}
