import Glibc
import Images
import Synchronization

@testable import Datasets

/// Pictures of one pixel's colour, made when they are asked for, some of them bad.
final class MadeDataset: Dataset {
  struct Broken: Error, CustomStringConvertible {
    let position: Int
    var description: String { "image \(position) is broken" }
  }

  let count: Int
  let classes: [String]
  let bad: Set<Int>
  /// Width and height of each picture; all 4 × 4 unless given.
  let size: @Sendable (Int) -> (Int, Int)
  private let reads = Mutex<[Int: Int]>([:])
  private let delay: UInt32

  init(
    count: Int, classes: Int = 3, bad: Set<Int> = [], delay: UInt32 = 0,
    size: @escaping @Sendable (Int) -> (Int, Int) = { _ in (4, 4) }
  ) {
    self.count = count
    self.classes = (0..<classes).map { "class \($0)" }
    self.bad = bad
    self.delay = delay
    self.size = size
  }

  /// How often each picture was read.
  var readCounts: [Int: Int] { reads.withLock { $0 } }

  func label(at position: Int) -> Int { position % classes.count }
  func name(at position: Int) -> String { "image \(position)" }

  func image(at position: Int) throws -> Image {
    reads.withLock { $0[position, default: 0] += 1 }
    if delay > 0 { usleep(delay) }
    if bad.contains(position) { throw Broken(position: position) }
    let (width, height) = size(position)
    return Image(width: width, height: height, pixels: noise(width * height * 3, seed: UInt32(position)))
  }
}
