import Networks
import Tensors
import Testing

/// Penalties against central differences of their definition in double; the mean that curvature is measured by is held.
/// Tolerance: 1e-4 of the largest slope.
@Suite struct MapPenaltyTests {
  @Test(arguments: [(0.3, 0), (0, 0.7), (0.3, 0.7)] as [(Float, Float)])
  func gradientsAreSlopes(activity: Float, curvature: Float) {
    var graph = Graph()
    let node = graph.append(Input())
    var noise = SeededGenerator(seed: 1, place: 1)
    let (images, height, width, channels) = (2, 4, 5, 3)
    let count = images * height * width * channels
    let map = Tensor(
      (0..<count).map { _ in Float(noise.uniform()) }, shape: [images, height, width, channels])
    func sums(_ values: [Double]) -> [[[Double]]] {
      (0..<images).map { n in
        (0..<height).map { y in
          (0..<width).map { x in
            (0..<channels).reduce(0) { $0 + values[((n * height + y) * width + x) * channels + $1] }
          }
        }
      }
    }
    let values = map.elements.map(Double.init)
    let means = sums(values).map { $0.joined().reduce(0, +) / Double(height * width) }
    func penalty(_ values: [Double]) -> Double {
      var total = 0.0
      for (s, mean) in zip(sums(values), means) {
        total += Double(activity) * s.joined().reduce(0, +)
        for y in 0..<height {
          for x in 1..<width - 1 {
            let bend = (s[y][x - 1] - 2 * s[y][x] + s[y][x + 1]) / mean
            total += Double(curvature) * bend * bend
          }
        }
        for y in 1..<height - 1 {
          for x in 0..<width {
            let bend = (s[y - 1][x] - 2 * s[y][x] + s[y + 1][x]) / mean
            total += Double(curvature) * bend * bend
          }
        }
      }
      return total / Double(images * height * width)
    }
    let slopes = values.indices.map { place in
      var (above, below) = (values, values)
      above[place] += 1e-5
      below[place] -= 1e-5
      return (penalty(above) - penalty(below)) / 2e-5
    }
    let gradient = MapPenalty(node: node, activity: activity, curvature: curvature).gradient(of: map)
    let largest = slopes.map(abs).max() ?? 1
    for (found, slope) in zip(gradient.elements, slopes) {
      #expect(abs(Double(found) - slope) < 1e-4 * largest)
    }
  }

  /// A map without activations has no mean to be measured by, and no slope.
  @Test func silentMapsCostNothing() {
    var graph = Graph()
    let penalty = MapPenalty(node: graph.append(Input()), curvature: 1)
    let gradient = penalty.gradient(of: Tensor(shape: [1, 3, 3, 2]))
    #expect(gradient.elements.allSatisfy { $0 == 0 })
  }
}
