import CKernels
import Tensors

/// The exponential moving average of a network's parameters and running statistics.
final class ParameterAverage {
  private let layout: ParameterLayout
  private var averages: Storage
  private let statistics: [Parameter]
  private var statisticsAverages: [Tensor]
  private let kept: Float

  /// An average that begins at the present values.
  init(_ layout: ParameterLayout, of values: Storage, _ statistics: [Parameter], kept: Float) {
    self.layout = layout
    self.statistics = statistics
    self.kept = kept
    averages = values.copy(count: layout.count)
    statisticsAverages = statistics.map(\.value)
  }

  /// Takes in the present values.
  func update(with values: Storage) {
    edviz_average_into(averages.pointer, values.pointer, Int64(layout.count), kept)
    for (index, parameter) in statistics.enumerated() {
      let value = parameter.value
      statisticsAverages[index].withUnsafeMutableElements { averages in
        for i in averages.indices { averages[i] += (1 - kept) * (value[i] - averages[i]) }
      }
    }
  }

  /// Makes the memory of the averages its own where others hold tensors that lie in it.
  func leaveSharedMemory() {
    if !isKnownUniquelyReferenced(&averages) { averages = averages.copy(count: layout.count) }
  }

  /// Exchanges averages and values.
  func exchange(with values: Storage) {
    for i in 0..<layout.count {
      let value = values.pointer[i]
      values.pointer[i] = averages.pointer[i]
      averages.pointer[i] = value
    }
    for (index, parameter) in statistics.enumerated() {
      let value = parameter.value
      parameter.value = statisticsAverages[index]
      statisticsAverages[index] = value
    }
  }

  /// The averages under the parameters' names.
  var tensors: [(name: String, tensor: Tensor)] {
    let learnt = layout.parameters.compactMap { parameter in
      layout.view(of: parameter, in: averages).map { (parameter.name, $0) }
    }
    return learnt + zip(statistics, statisticsAverages).map { ($0.name, $1) }
  }

  /// Takes averages back.
  func restore(_ saved: (String) -> Tensor?) {
    for parameter in layout.parameters {
      guard let place = layout.place(of: parameter), let tensor = saved(parameter.name) else { continue }
      tensor.withUnsafeElements { elements in
        guard let start = elements.baseAddress else { return }
        (averages.pointer + place.lowerBound).update(from: start, count: place.count)
      }
    }
    for (index, parameter) in statistics.enumerated() {
      if let tensor = saved(parameter.name) { statisticsAverages[index] = tensor }
    }
  }
}
