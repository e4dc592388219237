import Images
import Synchronization

/// A dataset's pictures, decoded once as far as memory allows, and the list of those that cannot be read.
final class ImageStore: Sendable {
  private struct State {
    var images: [Int: Image] = [:]
    var bytes = 0
    var bad: [Int: BatchLoader.BadImage] = [:]
  }

  private let dataset: any Dataset
  private let budget: Int
  /// Number of bad images that are tolerated.
  let maximumBad: Int
  private let state = Mutex(State())

  init(_ dataset: any Dataset, cacheBytes: Int, tolerance: Double) {
    self.dataset = dataset
    budget = dataset.isDecoded ? 0 : cacheBytes
    maximumBad = tolerance > 0 ? max(1, Int(tolerance * Double(dataset.count))) : 0
  }

  var badImages: [BatchLoader.BadImage] {
    state.withLock { $0.bad.values.sorted { $0.position < $1.position } }
  }
  /// Pictures of the dataset, readable or not.
  var count: Int { dataset.count }
  var cachedBytes: Int { state.withLock { $0.bytes } }

  /// The picture at a position, or why there is none.
  func image(at position: Int) throws(Unreadable) -> Image { try read(position).get() }

  /// The picture at a position, or the next readable one behind it, going around; the bad ones on the way.
  ///
  /// What stands for a bad picture depends on the dataset alone.
  func image(
    near position: Int
  ) throws(DatasetError) -> (image: Image, position: Int, bad: [BatchLoader.BadImage]) {
    var bad: [BatchLoader.BadImage] = []
    for step in 0..<dataset.count {
      let candidate = (position + step) % dataset.count
      switch read(candidate) {
      case .success(let image): return (image, candidate, bad)
      case .failure(let error):
        bad.append(error.image)
        guard bad.count <= maximumBad else { throw tooMany(bad) }
      }
    }
    throw tooMany(bad)
  }

  func tooMany(_ bad: some Collection<BatchLoader.BadImage>) -> DatasetError {
    let first = bad.sorted { $0.position < $1.position }.prefix(3).map(\.reason)
    return .tooManyBad(count: bad.count, total: dataset.count, first: first)
  }

  /// Notes a picture that can be read but is too small for the network.
  func refuse(_ position: Int, size: (width: Int, height: Int)) -> BatchLoader.BadImage {
    let name = dataset.name(at: position)
    let reason = DatasetError.tooSmall(file: name, width: size.width, height: size.height)
    let bad = BatchLoader.BadImage(position: position, name: name, reason: "\(reason)")
    state.withLock { $0.bad[position] = bad }
    return bad
  }

  struct Unreadable: Error {
    let image: BatchLoader.BadImage
  }

  private func read(_ position: Int) -> Result<Image, Unreadable> {
    let known: Result<Image, Unreadable>? = state.withLock { state in
      if let image = state.images[position] { return .success(image) }
      return state.bad[position].map { .failure(Unreadable(image: $0)) }
    }
    if let known { return known }
    do {
      let image = try dataset.image(at: position)
      state.withLock { state in
        guard state.bytes + image.pixels.count <= budget, state.images[position] == nil else { return }
        state.images[position] = image
        state.bytes += image.pixels.count
      }
      return .success(image)
    } catch {
      let bad = BatchLoader.BadImage(
        position: position, name: dataset.name(at: position), reason: "\(error)")
      state.withLock { $0.bad[position] = bad }
      return .failure(Unreadable(image: bad))
    }
  }
}
