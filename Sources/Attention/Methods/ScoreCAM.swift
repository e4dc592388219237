import Glibc
import Tensors

/// Σₖ softmaxₖ(S(x ⊙ Mₖ)) Aₖ, Mₖ the channel brought to the image's size and stretched to 0 … 1 (Wang et al., "Score-CAM:
/// Score-weighted visual explanations for convolutional neural networks", 2020). What is dark in Mₖ becomes 0 in the network's own
/// units, the mean color.
struct ScoreCAM: ProbingMapMethod {
  /// How a channel is brought to the image's size.
  enum Resizing: Sendable {
    /// The outermost cells' centers lie on the outermost pixels', then stretched, as in pytorch-grad-cam: `score-cam`.
    case alignedCorners
    /// Stretched, then resized by half-pixel centers, as in torch-cam: `score-cam-half-pixel`.
    case halfPixel
  }

  /// How a channel is brought to the image's size.
  let resizing: Resizing

  /// A Score-CAM.
  init(_ resizing: Resizing) { self.resizing = resizing }

  var name: String { resizing == .alignedCorners ? "score-cam" : "score-cam-half-pixel" }

  func weights(_ probe: ClassProbe) throws -> [Double] {
    let (channels, size) = (probe.activation.channels, probe.image.size)
    var scores: [Double] = []
    for start in stride(from: 0, to: channels, by: ClassProbe.batch) {
      let range = start..<min(start + ClassProbe.batch, channels)
      // [channels, h, w, 1]
      let maps = probe.activation.channels(range).channelsFirst()
        .reshaped([range.count, probe.activation.height, probe.activation.width, 1])
      let masks =
        resizing == .halfPixel
        ? Self.stretched(maps).resizedBilinear(to: size)
        : Self.stretched(Self.resizedByCorners(maps, to: size))
      scores += try probe.scores(ofImages: Self.masked(probe.image, by: masks))
    }
    let peak = scores.max() ?? 0
    let powers = scores.map { exp($0 - peak) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// Each map's values from 0 to 1.
  private static func stretched(_ maps: Tensor) -> Tensor {
    let size = maps.count / maps.batch
    return Tensor(shape: maps.shape) { made in
      maps.withUnsafeElements { values in
        for n in 0..<maps.batch {
          let range = n * size..<(n + 1) * size
          let (low, high) = (values[range].min() ?? 0, values[range].max() ?? 0)
          for i in range { made[i] = (values[i] - low) / (high - low + 1e-8) }
        }
      }
    }
  }

  /// The image once for each mask, its colors times the mask.
  private static func masked(_ image: Tensor, by masks: Tensor) -> Tensor {
    let (pixels, colors) = (image.height * image.width, image.channels)
    return Tensor(shape: [masks.batch, image.height, image.width, colors]) { made in
      image.withUnsafeElements { image in
        masks.withUnsafeElements { masks in
          for i in masks.indices {
            for c in 0..<colors { made[i * colors + c] = image[i % pixels * colors + c] * masks[i] }
          }
        }
      }
    }
  }

  /// [N, h, w, 1] at another size, linearly between cells whose outermost lie on the outermost pixels.
  private static func resizedByCorners(_ maps: Tensor, to size: Size2D) -> Tensor {
    func taps(_ old: Int, _ new: Int) -> [(Int, Int, Float)] {
      (0..<new).map { place in
        let at = new > 1 ? Double(place) * Double(old - 1) / Double(new - 1) : 0
        let low = min(Int(at), old - 1)
        return (low, min(low + 1, old - 1), Float(at - Double(low)))
      }
    }
    let (rows, columns) = (taps(maps.height, size.height), taps(maps.width, size.width))
    let (height, width) = (maps.height, maps.width)
    return Tensor(shape: [maps.batch, size.height, size.width, 1]) { made in
      maps.withUnsafeElements { values in
        var place = 0
        for n in 0..<maps.batch {
          let start = n * height * width
          for (top, bottom, y) in rows {
            for (left, right, x) in columns {
              func between(_ row: Int) -> Float {
                let (a, b) = (values[start + row * width + left], values[start + row * width + right])
                return a + x * (b - a)
              }
              let (above, below) = (between(top), between(bottom))
              made[place] = above + y * (below - above)
              place += 1
            }
          }
        }
      }
    }
  }
}
