import Images
import Tensors

/// Makes any batch of one epoch.
struct BatchMaker: Sendable {
  /// A batch, and the images that could not be read for it; nil if all of them are left out.
  struct Made: Sendable {
    var batch: Batch?
    var bad: [BatchLoader.BadImage]
  }

  /// What random numbers are for; one list of numbers each, so that none is used twice.
  private enum Stream: UInt64 {
    case order, image, mixing
  }

  let options: BatchLoader.Options
  let store: ImageStore
  let batchCount: Int
  private let dataset: any Dataset
  private let epoch: UInt64
  /// The dataset's positions in the epoch's order.
  private let order: [Int]

  init(_ loader: BatchLoader, epoch: Int) {
    options = loader.options
    store = loader.store
    batchCount = loader.batchCount
    dataset = loader.dataset
    self.epoch = UInt64(epoch)
    var order = Array(0..<dataset.count)
    if options.isShuffled {
      var generator = SeededGenerator(seed: options.seed, place: UInt64(epoch), Stream.order.rawValue)
      generator.shuffle(&order)
    }
    self.order = order
  }

  private func generator(_ stream: Stream, _ number: Int) -> SeededGenerator {
    SeededGenerator(seed: options.seed, place: epoch, stream.rawValue, UInt64(number))
  }

  /// The batch of a number; nil if it is given up because `isStopped` says so.
  func make(_ index: Int, isStopped: () -> Bool) throws(DatasetError) -> Made? {
    let wanted = order[index * options.batchSize..<min(order.count, (index + 1) * options.batchSize)]
    var positions: [Int] = []
    var views: [PictureView] = []
    var bad: [BatchLoader.BadImage] = []
    /// Nil if it is left out.
    func picture(_ position: Int) throws(DatasetError) -> Image? {
      let image: Image
      if options.replacesUnreadable {
        let found = try store.image(near: position)
        bad += found.bad
        positions.append(found.position)
        image = found.image
      } else {
        do throws(ImageStore.Unreadable) { image = try store.image(at: position) } catch {
          bad.append(error.image)
          return nil
        }
        positions.append(position)
      }
      // By the place in the order, so that a picture that stands for another is not the same twice.
      var generator = generator(.image, position)
      let fitted = options.fit?.fitted(image) ?? image
      var view = PictureView()
      let augmented = options.augmentation.applied(to: fitted, view: &view, using: &generator)
      guard options.isUsable?(augmented.width, augmented.height) ?? true else {
        let place = positions.removeLast()
        bad.append(store.refuse(place, size: (augmented.width, augmented.height)))
        return nil
      }
      views.append(view)
      return augmented
    }

    // The first picture says how large those of the batch are.
    var rest = wanted
    var opening: Image?
    while opening == nil, let position = rest.popFirst() {
      if isStopped() { return nil }
      opening = try picture(position)
    }
    guard let first = opening else { return Made(batch: nil, bad: bad) }
    let channels = options.normalization.channels
    let size = first.width * first.height * channels
    var images = Tensor(uninitialized: [1 + rest.count, first.height, first.width, channels])
    let isWhole = try images.withUnsafeMutableElements { target throws(DatasetError) -> Bool in
      options.normalization.write(first, to: target)
      for position in rest {
        if isStopped() { return false }
        guard let image = try picture(position) else { continue }
        let place = positions.count - 1
        guard image.width == first.width, image.height == first.height else {
          throw .sizesDiffer(
            file: dataset.name(at: positions[place]), width: image.width, height: image.height,
            batchWidth: first.width, batchHeight: first.height)
        }
        options.normalization.write(
          image, to: UnsafeMutableBufferPointer(rebasing: target[(place * size)...]))
      }
      return true
    }
    guard isWhole else { return nil }
    if positions.count < 1 + rest.count {
      let shape = [positions.count, first.height, first.width, channels]
      images = images.withUnsafeElements { Tensor($0.prefix(positions.count * size), shape: shape) }
    }

    let labels = positions.map(dataset.label)
    var targets = targets(of: labels, positions, views)
    var features = features(positions, views)
    if let cutMix = options.cutMix {
      var generator = generator(.mixing, index)
      if let box = cutMix.box(width: first.width, height: first.height, using: &generator) {
        CutMix.mix(&images, &targets, box)
        if var mixed = features {
          CutMix.mix(places: &mixed, box, width: first.width, height: first.height)
          features = mixed
        }
      }
    }
    let batch = Batch(
      images: images, targets: targets, features: features, labels: labels, positions: positions,
      index: index,
      unreadable: bad)
    return Made(batch: batch, bad: bad)
  }

  /// The teacher's features of what is seen of each picture.
  private func features(_ positions: [Int], _ views: [PictureView]) -> Tensor? {
    guard let features = options.teacher?.labels.features else { return nil }
    return features.tensor(of: Array(zip(positions, views)))
  }

  /// Shares of classes, smoothed as by PyTorch's `label_smoothing`, and as far as a teacher has a say in them its own.
  private func targets(of labels: [Int], _ positions: [Int], _ views: [PictureView]) -> Tensor {
    let classes = dataset.classes.count
    let rest = Float(options.labelSmoothing / Double(classes))
    var targets = Tensor(repeating: rest, shape: [labels.count, classes])
    targets.withUnsafeMutableElements { targets in
      for (row, label) in labels.enumerated() {
        targets[row * classes + label] += Float(1 - options.labelSmoothing)
        guard let teacher = options.teacher else { continue }
        let shares = teacher.labels.shares(at: positions[row], in: views[row], teacher.activation)
        for i in 0..<classes {
          let place = row * classes + i
          targets[place] += teacher.share * (shares[i] - targets[place])
        }
      }
    }
    return targets
  }
}
