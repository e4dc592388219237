import Attention
import Datasets
import EDNets
import Tensors
import Training

/// One pass over pictures that gathers what the activations of a model are like.
public struct StatisticsRun {
  /// A picture that was looked at.
  public struct Seen: Sendable {
    /// Its position in the dataset.
    public let position: Int
    /// What its activation is like in each row; nil where its values are not all finite.
    public let activations: [PictureActivation?]
  }

  /// What looks.
  public let session: AttentionSession
  /// The pictures.
  public let pictures: any Dataset
  /// The positions of those that are looked at.
  public let positions: [Int]
  /// Pictures that are computed at once, as far as neighbours have one size.
  public let batch: Int
  /// What is looked at.
  public let taps: [Tap]

  /// A pass over all pictures, or over `limit` that are spread evenly over them, because datasets are often sorted by
  /// class.
  public init(session: AttentionSession, pictures: any Dataset, taps: [Tap], batch: Int, limit: Int? = nil) {
    self.session = session
    self.pictures = pictures
    self.taps = taps
    self.batch = batch
    let (all, count) = (pictures.count, min(limit ?? pictures.count, pictures.count))
    positions = (0..<count).map { $0 * all / count }
  }

  /// Looks at the pictures, in order; memory does not grow with their number.
  /// - Parameters:
  ///   - seen: is called for each picture that was looked at.
  ///   - failed: is called for each that could not be read or is too small for the network.
  /// - Returns: nil if it was asked to stop before the end.
  public func run(
    stop: StopRequest = StopRequest(), seen: (Seen) throws -> Void = { _ in },
    failed: (_ position: Int, any Error) throws -> Void = { _, _ in }
  ) throws -> ActivationStatistics? {
    try session.model.checkReadsPhotographs()
    var statistics = try ActivationStatistics(session.model.network, taps: taps)
    let (pictures, positions, preprocessing) = (pictures, positions, session.model.preprocessing)
    let loaded = Prefetcher(count: positions.count, depth: batch + 1) { index in
      Result { preprocessing.tensor(of: preprocessing.fitted(try pictures.image(at: positions[index]))) }
    }
    var waiting: [(position: Int, tensor: Tensor)] = []
    func flush() throws {
      guard !waiting.isEmpty else { return }
      defer { waiting = [] }
      let found: [[PictureActivation?]]
      do { found = try statistics.add(Self.joined(waiting.map(\.tensor)), session: session) } catch {
        // All pictures of a batch have one size.
        guard case AttentionError.imagesTooSmall(let shape) = error else { throw error }
        for picture in waiting {
          let reason = AttentionError.imagesTooSmall(imageShape: [1] + shape.dropFirst())
          try failed(
            picture.position, PictureError(path: pictures.name(at: picture.position), reason: reason))
        }
        return
      }
      for (picture, activations) in zip(waiting, found) {
        try seen(Seen(position: picture.position, activations: activations))
      }
    }
    for (position, result) in zip(positions, loaded) {
      guard stop.signal == nil else { return nil }
      switch result {
      case .success(let tensor):
        if let first = waiting.first, first.tensor.shape != tensor.shape { try flush() }
        waiting.append((position, tensor))
        if waiting.count == batch { try flush() }
      case .failure(let error): try failed(position, error)
      }
    }
    try flush()
    return statistics
  }

  /// Tensors [1, H, W, C] as one batch.
  private static func joined(_ tensors: [Tensor]) -> Tensor {
    guard tensors.count > 1 else { return tensors[0] }
    let size = tensors[0].count
    return Tensor(shape: [tensors.count] + tensors[0].shape.dropFirst()) { target in
      for (index, tensor) in tensors.enumerated() {
        tensor.withUnsafeElements { elements in
          _ = UnsafeMutableBufferPointer(rebasing: target[(index * size)...]).update(fromContentsOf: elements)
        }
      }
    }
  }
}
