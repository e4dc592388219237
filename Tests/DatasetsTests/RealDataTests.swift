import Images
import Testing

@testable import Datasets

/// Whole datasets, from the folder that EDVIZ_DATA names.
@Suite(.enabled(if: Fixtures.data != nil, "EDVIZ_DATA names no folder with large data"))
struct RealDataTests {
  private static func open(_ name: String, _ split: DatasetSplit? = nil) throws -> any Dataset {
    try DatasetSource(path: "\(Fixtures.data ?? "")/\(name)", split: split).open()
  }

  private static func labelCounts(_ dataset: any Dataset) -> [Int] {
    var counts = [Int](repeating: 0, count: dataset.classes.count)
    for position in 0..<dataset.count { counts[dataset.label(at: position)] += 1 }
    return counts
  }

  @Test func archives() throws {
    let train = try Self.open("cifar10-jpg-train.zip")
    #expect(train.classes == CIFAR10.classes)
    #expect(Self.labelCounts(train) == [Int](repeating: 5000, count: 10))
    let test = try Self.open("cifar10-jpg-test.zip", .test)
    #expect(test.classes == CIFAR10.classes)
    #expect(Self.labelCounts(test) == [Int](repeating: 1000, count: 10))
    for position in [0, 4999, 9999] { #expect(try test.image(at: position).width == 32) }
    #expect(test.name(at: 1001).hasSuffix("/test/automobile/0001.jpg") || test.label(at: 1001) == 1)
  }

  @Test func pixelRows() throws {
    let train = try Self.open("cifar10-lossless")
    #expect(train.count == 4000)
    #expect((0..<8).map(train.label) == [6, 9, 9, 4, 1, 1, 2, 7])
    let test = try Self.open("cifar10-lossless", .test)
    #expect(test.count == 1000)
    #expect((0..<4).map(test.label) == [3, 8, 8, 0])
    #expect(try test.image(at: 999).pixels.count == 3072)
  }

  @Test func folders() throws {
    let train = try Self.open("tiny-imagenet-50")
    #expect(train.count == 25_000)
    #expect(train.classes.count == 50)
    #expect(train.classes.first == "goldfish")
    let val = try Self.open("tiny-imagenet-50", .val)
    #expect(Self.labelCounts(val) == [Int](repeating: 50, count: 50))
    #expect(val.classes == train.classes)
    #expect(try val.image(at: 2499).height == 64)
    let birds = try Self.open("cub20")
    #expect(birds.classes.count == 20)
    #expect(birds.classes.allSatisfy { $0.contains(".") })
    #expect(try birds.count + Self.open("cub20", .val).count == 1185)
  }

  @Test func batches() throws {
    let options = BatchLoader.Options(
      batchSize: 128,
      augmentation: Augmentation([.padAndCrop(PadAndCrop(padding: 4)), .horizontalFlip(HorizontalFlip())]),
      threads: 2)
    let loader = try BatchLoader(Self.open("cifar10-jpg-test.zip"), options: options)
    #expect(loader.batchCount == 78)
    let sequence = loader.epoch(0, startingAt: 75)
    for index in 75..<78 { #expect(try sequence.next()?.index == index) }
    #expect(try sequence.next() == nil)
    #expect(loader.badImages.isEmpty)
  }
}
