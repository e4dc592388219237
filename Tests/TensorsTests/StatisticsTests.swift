import Glibc
import Tensors
import Testing

/// Sums and entropies against their definitions.
@Suite struct StatisticsTests {
  @Test(arguments: [[1, 1, 1, 1], [2, 3, 5, 7], [3, 4, 4, 16], [2, 7, 3, 33], [1, 31, 37, 64]])
  func channelSums(shape: [Int]) {
    var x = Oracle.noise(shape, seed: 1)
    x.withUnsafeMutableElements { elements in
      for i in stride(from: 0, to: elements.count, by: 5) { elements[i] = i.isMultiple(of: 2) ? 0 : -0.0 }
    }
    let sums = x.channelSums()
    #expect(sums.batch == shape[0] && sums.positions == shape[1] * shape[2] && sums.channels == shape[3])
    for image in 0..<shape[0] {
      for channel in 0..<shape[3] {
        let values = (0..<sums.positions).map {
          Double(x[(image * sums.positions + $0) * shape[3] + channel])
        }
        func near(_ value: Double, _ wanted: Double) -> Bool {
          abs(value - wanted) <= 1e-11 * (1 + abs(wanted))
        }
        #expect(near(sums[image, .sum, channel], values.reduce(0, +)))
        #expect(near(sums[image, .square, channel], values.reduce(0) { $0 + $1 * $1 }))
        #expect(near(sums[image, .absolute, channel], values.reduce(0) { $0 + abs($1) }))
        #expect(sums[image, .positive, channel] == Double(values.count { $0 > 0 }))
      }
    }
  }

  @Test func spatialEntropies() {
    let maps = Tensor([1, 1, 1, 1, -5, 3, 0, 0, -1, -1, 0, 0, 1, 3, -2, 0], shape: [4, 2, 2])
    let entropies = maps.spatialEntropies()
    #expect(entropies[0] == 2 && entropies[1] == 0 && entropies[2].isNaN)
    #expect(abs(Double(entropies[3]) - (0.25 * 2 + 0.75 * log2(4 / 3.0))) < 1e-6)
  }
}
