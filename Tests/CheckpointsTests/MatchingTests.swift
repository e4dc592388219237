import Tensors
import Testing

@testable import Checkpoints

@Suite struct MatchingTests {
  private static func checkpoint(_ shapes: [(String, [Int])]) throws -> Checkpoint {
    try Checkpoint(shapes.map { ($0, Tensor(repeating: 0, shape: $1)) })
  }

  @Test func givesEntriesInTheOrderAskedFor() throws {
    let checkpoint = try Self.checkpoint([("b", [2]), ("bn.num_batches_tracked", []), ("a", [1, 3])])
    let found = try checkpoint.matched(against: [("a", [1, 3]), ("b", [2])])
    #expect(found.map(\.name) == ["a", "b"])
    let counted = try checkpoint.matched(against: [
      ("b", [2]), ("a", [1, 3]), ("bn.num_batches_tracked", []),
    ])
    #expect(counted.map(\.name) == ["b", "a", "bn.num_batches_tracked"])
  }

  @Test func namesEveryDifferenceAtOnce() throws {
    let checkpoint = try Self.checkpoint([
      ("a", [1]), ("b", [2, 2]), ("x", [1]), ("num_batches_tracked", []),
    ])
    let mismatch = CheckpointError.Mismatch(
      missing: ["c"], unexpected: ["x"], misshaped: [.init(name: "b", expected: [4], found: [2, 2])])
    #expect(throws: CheckpointError.mismatch(path: "memory", mismatch)) {
      try checkpoint.matched(against: [("a", [1]), ("b", [4]), ("c", [1])])
    }
  }
}
