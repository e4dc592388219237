import Images
import Testing

@testable import Datasets

/// Whole datasets, from the folder that EDVIZ_DATA names; each test is skipped where its own are not there.
@Suite struct RealDataTests {
  private static func open(_ name: String, _ split: DatasetSplit? = nil) throws -> any Dataset {
    try DatasetSource(path: try #require(Fixtures.data(name)), split: split).open()
  }

  private static func areThere(_ names: String...) -> Bool { names.allSatisfy { Fixtures.data($0) != nil } }

  private static func labelCounts(_ dataset: any Dataset) -> [Int] {
    var counts = [Int](repeating: 0, count: dataset.classes.count)
    for position in 0..<dataset.count { counts[dataset.label(at: position)] += 1 }
    return counts
  }

  @Test(
    .enabled(
      if: areThere("cifar10-jpg-train.zip", "cifar10-jpg-test.zip"), "EDVIZ_DATA has no cifar10-jpg-*.zip"))
  func archives() throws {
    let train = try Self.open("cifar10-jpg-train.zip")
    #expect(train.classes == CIFAR10.classes)
    #expect(Self.labelCounts(train) == [Int](repeating: 5000, count: 10))
    let test = try Self.open("cifar10-jpg-test.zip", .test)
    #expect(test.classes == CIFAR10.classes)
    #expect(Self.labelCounts(test) == [Int](repeating: 1000, count: 10))
    for position in [0, 4999, 9999] { #expect(try test.image(at: position).width == 32) }
    #expect(test.name(at: 1001).hasSuffix("/test/automobile/0001.jpg") || test.label(at: 1001) == 1)
  }

  /// Classes of very different sizes, whose names have spaces; training and validation agree on them.
  @Test(
    .enabled(if: areThere("objects/train.zip", "objects/val.zip"), "EDVIZ_DATA has no objects/*.zip"))
  func unbalancedArchives() throws {
    let (train, val) = (try Self.open("objects/train.zip"), try Self.open("objects/val.zip"))
    #expect(train.count == 18_733 && val.count == 2167)
    #expect(train.classes.count == 71 && val.classes == train.classes)
    #expect(train.classes == train.classes.sorted() && train.classes.contains("American bulldog"))
    let counts = Self.labelCounts(train)
    #expect(counts.max() == 760 && (counts.min() ?? 0) >= 26)
    #expect(Self.labelCounts(val).allSatisfy { $0 > 0 })
    for position in [0, 1000, 2166] {
      let image = try val.image(at: position)
      #expect(image.width == 128 && image.height == 128)
    }
  }

  @Test(.enabled(if: areThere("cifar10-lossless"), "EDVIZ_DATA has no cifar10-lossless/"))
  func pixelRows() throws {
    let train = try Self.open("cifar10-lossless")
    #expect(train.count == 4000)
    #expect((0..<8).map(train.label) == [6, 9, 9, 4, 1, 1, 2, 7])
    let test = try Self.open("cifar10-lossless", .test)
    #expect(test.count == 1000)
    #expect((0..<4).map(test.label) == [3, 8, 8, 0])
    #expect(try test.image(at: 999).pixels.count == 3072)
  }

  @Test(.enabled(if: areThere("cub20"), "EDVIZ_DATA has no cub20/"))
  func birds() throws {
    let birds = try Self.open("cub20")
    #expect(birds.classes.count == 20)
    #expect(birds.classes.allSatisfy { $0.contains(".") })
    #expect(try birds.count + Self.open("cub20", .val).count == 1185)
  }

  @Test(.enabled(if: areThere("cifar10-jpg-test.zip"), "EDVIZ_DATA has no cifar10-jpg-test.zip"))
  func batches() throws {
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
