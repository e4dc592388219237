import Glibc
import Images
import Tensors
import Testing

@testable import Datasets

@Suite struct LoaderTests {
  private static let augmentation = Augmentation([
    .padAndCrop(PadAndCrop(padding: 2)), .horizontalFlip(HorizontalFlip()),
  ])

  private static func all(_ sequence: BatchSequence) throws -> [Batch] {
    var batches: [Batch] = []
    while let batch = try sequence.next() { batches.append(batch) }
    return batches
  }

  private static func equal(_ a: [Batch], _ b: [Batch]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy {
        $0.images.elements == $1.images.elements && $0.targets.elements == $1.targets.elements
          && $0.labels == $1.labels && $0.positions == $1.positions && $0.index == $1.index
          && $0.images.shape == $1.images.shape
      }
  }

  @Test func evaluationGoesThroughTheDatasetInOrder() throws {
    let dataset = MadeDataset(count: 10)
    let loader = try BatchLoader(dataset, options: .evaluation(batchSize: 4))
    #expect(loader.batchCount == 3)
    let batches = try Self.all(loader.epoch(0))
    #expect(batches.map(\.positions) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(batches.map(\.index) == [0, 1, 2])
    #expect(batches[2].images.shape == [2, 4, 4, 3])
    #expect(batches[2].labels == [2, 0])
    #expect(batches[2].targets.elements == [0, 0, 1, 1, 0, 0])
    var expected = Tensor(repeating: 0, shape: [48])
    expected.withUnsafeMutableElements { target in
      ColorNormalization.imageNet.write(Image(width: 4, height: 4, pixels: noise(48, seed: 9)), to: target)
    }
    #expect(Array(batches[2].images.elements[48...]) == expected.elements)
    // At the end there is no more, however often one asks.
    let sequence = loader.epoch(0, startingAt: 3)
    #expect(try sequence.next() == nil && sequence.next() == nil)
  }

  @Test func anEpochHasEveryImageOnceInAnOrderOfItsOwn() throws {
    let loader = try BatchLoader(MadeDataset(count: 103), options: .init(batchSize: 10, seed: 1))
    #expect(loader.batchCount == 10)
    let epochs = try (0..<3).map { try Self.all(loader.epoch($0)).flatMap(\.positions) }
    for positions in epochs { #expect(Set(positions).count == 100) }
    #expect(Set(epochs).count == 3)
    #expect(Set(epochs.flatMap { $0 }).count == 103)
    let other = try BatchLoader(MadeDataset(count: 103), options: .init(batchSize: 10, seed: 2))
    #expect(try Self.all(other.epoch(0)).flatMap(\.positions) != epochs[0])
  }

  /// Over 600 orders of four images, each image is at each place about 150 times (five standard errors).
  @Test func ordersAreEven() {
    var counts = [[Int]](repeating: [0, 0, 0, 0], count: 4)
    for epoch in 0..<600 {
      var order = [0, 1, 2, 3]
      var generator = SeededGenerator(seed: 3, place: UInt64(epoch))
      generator.shuffle(&order)
      for (place, element) in order.enumerated() { counts[place][element] += 1 }
    }
    for count in counts.joined() { #expect(abs(count - 150) < 54) }
  }

  @Test func batchesDependOnSeedEpochAndNumberOnly() throws {
    var reference: [Batch] = []
    for (threads, depth, cache) in [(1, 1, 0), (1, 3, 1 << 20), (4, 2, 0), (3, 8, 200), (8, 8, 1 << 20)] {
      let options = BatchLoader.Options(
        batchSize: 7, keepsIncomplete: true, seed: 9, augmentation: Self.augmentation, labelSmoothing: 0.1,
        cutMix: CutMix(share: 0.7), threads: threads, depth: depth, cacheBytes: cache)
      let loader = try BatchLoader(MadeDataset(count: 60, bad: [5], delay: 50), options: options)
      let first = try Self.all(loader.epoch(2))
      if reference.isEmpty { reference = first }
      #expect(Self.equal(first, reference), "\(threads) threads")
      #expect(Self.equal(try Self.all(loader.epoch(2, startingAt: 4)), Array(reference[4...])))
      #expect(!Self.equal(try Self.all(loader.epoch(3)), reference))
      #expect(Self.equal(try Self.all(loader.epoch(2)), reference))
    }
  }

  @Test func decodedPicturesAreKept() throws {
    let dataset = MadeDataset(count: 12)
    let loader = try BatchLoader(dataset, options: .init(batchSize: 4, cacheBytes: 1 << 20))
    for epoch in 0..<3 { _ = try Self.all(loader.epoch(epoch)) }
    #expect(dataset.readCounts.values.allSatisfy { $0 == 1 })
    #expect(loader.cachedBytes == 12 * 48)
    // What does not fit is read again, and nothing beyond the budget is kept.
    let small = MadeDataset(count: 12)
    let poor = try BatchLoader(small, options: .init(batchSize: 4, cacheBytes: 5 * 48 + 47))
    for epoch in 0..<3 { _ = try Self.all(poor.epoch(epoch)) }
    #expect(poor.cachedBytes == 5 * 48)
    #expect(small.readCounts.values.count { $0 == 1 } == 5)
    #expect(small.readCounts.values.count { $0 == 3 } == 7)
  }

  @Test func badImagesAreReplacedAndCounted() throws {
    let dataset = MadeDataset(count: 200, bad: [10, 11])
    let options = BatchLoader.Options(batchSize: 8, isShuffled: false, keepsIncomplete: true)
    let loader = try BatchLoader(dataset, options: options)
    let batches = try Self.all(loader.epoch(0))
    #expect(Set(batches[1].unreadable.map(\.position)) == [10, 11])
    #expect(Array(batches.flatMap(\.positions)[8..<14]) == [8, 9, 12, 12, 12, 13])
    #expect(batches[1].labels == [8, 9, 12, 12, 12, 13, 14, 15].map { $0 % 3 })
    #expect(loader.badImages.map(\.position) == [10, 11])
    #expect(loader.badImages[0].name == "image 10")
    #expect(loader.badImages[0].reason == "image 10 is broken")
    // They are tried once.
    _ = try Self.all(loader.epoch(1))
    #expect(dataset.readCounts[10] == 1)
  }

  /// A score must not count a neighbour twice: batches are shorter, and one without any picture is not there.
  @Test(arguments: [1, 3]) func evaluationLeavesBadImagesOut(threads: Int) throws {
    let bad = [0, 5, 8, 9, 10, 11, 19]
    var options = BatchLoader.Options.evaluation(batchSize: 4)
    options.tolerance = 0.5
    options.threads = threads
    let loader = try BatchLoader(MadeDataset(count: 20, bad: Set(bad)), options: options)
    let batches = try Self.all(loader.epoch(0))
    #expect(batches.map(\.positions) == [[1, 2, 3], [4, 6, 7], [12, 13, 14, 15], [16, 17, 18]])
    #expect(batches.map(\.index) == [0, 1, 3, 4])
    #expect(loader.badImages.map(\.position) == bad)
    let good = try BatchLoader(MadeDataset(count: 20), options: options)
    let whole = try Self.all(good.epoch(0)).flatMap { Array($0.images.elements) }
    for batch in batches {
      #expect(batch.images.shape == [batch.count, 4, 4, 3] && batch.targets.shape == [batch.count, 3])
      #expect(batch.labels == batch.positions.map { $0 % 3 })
      #expect(batch.images.elements == batch.positions.flatMap { whole[$0 * 48..<($0 + 1) * 48] })
    }
    let none = try BatchLoader(MadeDataset(count: 1, bad: [0]), options: .evaluation(batchSize: 4))
    #expect(throws: DatasetError.self) { try none.epoch(0).next() }
  }

  /// An epoch that is begun in its middle knows of the bad images before: it ends where the whole one ends.
  @Test func toleranceIsThatOfTheWholeEpoch() throws {
    var options = BatchLoader.Options(batchSize: 4, isShuffled: false)
    options.tolerance = 0.1
    let loader = try BatchLoader(MadeDataset(count: 20, bad: [1, 6, 13]), options: options)
    func read(_ sequence: BatchSequence) -> (batches: Int, bad: [BatchLoader.BadImage], error: DatasetError?)
    {
      var (count, bad) = (0, [BatchLoader.BadImage]())
      do throws(DatasetError) {
        while let batch = try sequence.next() {
          count += 1
          bad += batch.unreadable
        }
      } catch { return (count, bad, error) }
      return (count, bad, nil)
    }
    let whole = read(loader.epoch(0))
    #expect(whole.batches == 3 && whole.bad.map(\.position) == [1, 6])
    let rest = read(loader.epoch(0, startingAt: 2, bad: whole.bad))
    #expect(rest.batches == 1 && rest.error != nil && rest.error == whole.error)
    #expect(read(loader.epoch(0, startingAt: 2)).error == nil)
  }

  @Test func tooManyBadImagesAreAnError() throws {
    for threads in [1, 4] {
      var options = BatchLoader.Options.evaluation(batchSize: 8)
      options.threads = threads
      let loader = try BatchLoader(MadeDataset(count: 200, bad: [3, 60, 61, 150, 199]), options: options)
      let sequence = loader.epoch(0)
      let expected = DatasetError.tooManyBad(
        count: 3, total: 200, first: ["image 3 is broken", "image 60 is broken", "image 61 is broken"])
      for _ in 0..<7 { #expect(try sequence.next() != nil) }
      for _ in 0..<2 { #expect(throws: expected) { try sequence.next() } }
    }
    // One is tolerated of the smallest dataset, none if so asked.
    let few = MadeDataset(count: 5, bad: [4])
    #expect(try Self.all(BatchLoader(few, options: .init(batchSize: 5)).epoch(0)).count == 1)
    let strict = try BatchLoader(few, options: .init(batchSize: 5, tolerance: 0)).epoch(0)
    #expect(throws: DatasetError.self) { try strict.next() }
    let none = MadeDataset(count: 50, bad: Set(0..<50))
    #expect(throws: DatasetError.self) {
      try BatchLoader(none, options: .init(batchSize: 5, threads: 3)).epoch(0).next()
    }
    #expect(none.readCounts.values.allSatisfy { $0 <= 3 })
  }

  @Test func sizesOfABatchMustAgree() throws {
    let dataset = MadeDataset(count: 8, size: { $0 == 6 ? (5, 4) : (4, 4) })
    let sequence = try BatchLoader(dataset, options: .evaluation(batchSize: 4)).epoch(0)
    #expect(try sequence.next()?.index == 0)
    let expected = DatasetError.sizesDiffer(
      file: "image 6", width: 5, height: 4, batchWidth: 4, batchHeight: 4)
    #expect(throws: expected) { try sequence.next() }
    let resized = BatchLoader.Options.evaluation(batchSize: 4, fit: PictureFit(size: 3, kind: .square))
    #expect(try Self.all(BatchLoader(dataset, options: resized).epoch(0)).count == 2)
  }

  /// What is too small for a network is left out and named, as what cannot be read.
  @Test func picturesThatAreTooSmallAreLeftOut() throws {
    let dataset = MadeDataset(count: 8, size: { $0 == 6 ? (2, 3) : (4, 4) })
    var options = BatchLoader.Options.evaluation(batchSize: 4)
    options.isUsable = { $0 > 3 && $1 > 3 }
    let loader = try BatchLoader(dataset, options: options)
    let batches = try Self.all(loader.epoch(0))
    #expect(batches.map(\.positions) == [[0, 1, 2, 3], [4, 5, 7]])
    #expect(
      loader.badImages.map(\.reason) == ["image 6: 3 × 2 pixels are too small for the network"])
  }

  /// Not more than `depth` batches are made ahead of the reader.
  @Test func memoryIsBounded() throws {
    for threads in [1, 4] {
      let dataset = MadeDataset(count: 400)
      let options = BatchLoader.Options(batchSize: 10, threads: threads, depth: 4, cacheBytes: 0)
      let sequence = try BatchLoader(dataset, options: options).epoch(0)
      _ = try sequence.next()
      usleep(50_000)
      #expect(dataset.readCounts.count <= 50)
    }
  }

  /// Released mid-way, the threads end after the picture they are at: nothing is read any more.
  @Test func earlyReleaseEndsTheThreads() throws {
    let dataset = MadeDataset(count: 10_000, delay: 200)
    let options = BatchLoader.Options(batchSize: 100, threads: 4, depth: 8)
    let loader = try BatchLoader(dataset, options: options)
    do {
      let sequence = loader.epoch(0)
      _ = try sequence.next()
    }
    let reads = dataset.readCounts.count
    usleep(20_000)
    #expect(dataset.readCounts.count == reads)
    #expect(reads < 2000)
    // Unread from the start, and read to the end.
    _ = loader.epoch(1)
    let whole = try BatchLoader(MadeDataset(count: 3), options: .init(batchSize: 1, threads: 4, depth: 2))
      .epoch(0)
    #expect(try Self.all(whole).count == 3)
  }

  @Test func targetsAreSmoothed() throws {
    var options = BatchLoader.Options.evaluation(batchSize: 2)
    options.labelSmoothing = 0.1
    let batch = try BatchLoader(MadeDataset(count: 2, classes: 4), options: options).epoch(0).next()
    let expected: [Float] = [0.925, 0.025, 0.025, 0.025, 0.025, 0.925, 0.025, 0.025]
    for (a, b) in zip(batch?.targets.elements ?? [], expected) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func optionsOutOfRangeAreErrors() {
    let dataset = MadeDataset(count: 8)
    var cases: [BatchLoader.Options] = [
      .init(batchSize: 0), .init(batchSize: 9), .init(batchSize: 4, labelSmoothing: 1),
      .init(batchSize: 4, threads: 0),
      .init(batchSize: 4, depth: 0), .init(batchSize: 4, cacheBytes: -1),
      .init(batchSize: 4, tolerance: .nan),
      .init(batchSize: 4, cutMix: CutMix(share: 2)), .init(batchSize: 4, cutMix: CutMix(alpha: 0)),
    ]
    cases.append(.init(batchSize: 4, augmentation: Augmentation([.centerCrop(size: 0)])))
    for options in cases { #expect(throws: DatasetError.self) { try BatchLoader(dataset, options: options) } }
  }
}
