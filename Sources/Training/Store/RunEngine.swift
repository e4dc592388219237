import Tensors

/// What computes a run; with another one the last digits of its numbers differ.
struct RunEngine: Codable, Hashable {
  /// The convolutions' backend.
  var backend = ConvolutionBackends.preferred.name
  /// The version of oneDNN.
  var oneDNN = oneDNNVersion
  /// The instruction set of the hand-written loops.
  var kernels = Threads.kernelLevel
  /// Threads.
  var threads = Threads.count

  /// What this process computes with.
  init() {}

  /// A sentence about each part in which a run that is continued is computed otherwise now.
  func remarks(continuing before: RunEngine) -> [String] {
    [
      ("number of threads", "\(before.threads)", "\(threads)"), ("backend", before.backend, backend),
      ("version of oneDNN", before.oneDNN, oneDNN), ("instruction set", before.kernels, kernels),
    ].filter { $0.1 != $0.2 }.map {
      "the run's \($0.0) was \($0.1) before and is \($0.2) now: last digits will differ"
    }
  }
}
