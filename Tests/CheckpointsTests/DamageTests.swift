import Testing

@testable import Checkpoints

/// Every way of cutting a sound file short, and thousands of ways of changing it.
@Suite struct DamageTests {
  @Test(arguments: Fixtures.all) func everyTruncationIsAnError(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    var accepted: [Int] = []
    for count in 0..<bytes.count where failure(Array(bytes[..<count])) == nil { accepted.append(count) }
    #expect(accepted.isEmpty)
  }

  /// Whatever opens must also be readable, and no tensor may have more elements than the file has bytes.
  @Test(arguments: Fixtures.all) func mutationsOpenOrFailButNeverCrash(name: String) throws {
    let original = try Fixtures.bytes(name)
    var random = Mutator(seed: UInt64(original.count))
    var failures = 0
    let rounds = 500
    for _ in 0..<rounds {
      let bytes = random.mutated(original)
      do {
        for entry in try open(bytes) {
          #expect(entry.count <= bytes.count)
          guard entry.type.isConvertible else { continue }
          #expect(try entry.tensor().elements.count == entry.count)
        }
      } catch {
        #expect(!error.description.isEmpty)
        failures += 1
      }
    }
    #expect(failures > rounds / 20)
  }
}

/// Changes bytes in the ways that parsers mind: the same changes for a seed on every machine.
private struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea, Flood, 2014).
  private mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((value ^ (value >> 31)) % UInt64(bound))
  }

  mutating func mutated(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...next(below: 3) {
      let position = next(below: bytes.count)
      let length = min(1 + next(below: 8), bytes.count - position)
      switch next(below: 7) {
      case 0: bytes[position] ^= 1 << UInt8(next(below: 8))
      case 1: bytes[position] = UInt8(next(below: 256))
      case 2: bytes[position] = [0, 0xff, 0x7f, 0x80][next(below: 4)]
      case 3: for index in position..<position + length { bytes[index] = 0xff }
      case 4: bytes.removeSubrange(position..<position + length)
      case 5: bytes.insert(contentsOf: bytes[position..<position + length], at: next(below: bytes.count))
      default:
        let source = next(below: bytes.count - length + 1)
        for index in 0..<length { bytes[position + index] = bytes[source + index] }
      }
    }
    return bytes
  }
}
