import Testing

@testable import Checkpoints

/// Archives that lie.
@Suite struct HostileZipTests {
  private static func archive(
    zip64: Bool = false, claimedCount: UInt64? = nil, _ change: (inout [ZipBytes.Entry]) -> Void
  ) -> [UInt8] {
    var entries = ZipBytes.checkpoint()
    change(&entries)
    return ZipBytes.archive(entries, zip64: zip64, claimedCount: claimedCount)
  }

  @Test func readsArchivesMadeByHand() throws {
    let archives = [
      Self.archive { _ in }, Self.archive(zip64: true) { _ in },
      Self.archive(zip64: true) { $0[1].isWide = true },
      // The local header's own extra field moves the data, here to an odd place.
      Self.archive { $0[1].localExtra = [0x46, 0x42, 3, 0, 1, 2, 3] },
      Self.archive { $0.append(.init(name: "a/byteorder", content: Array("little".utf8))) },
      // The folder is that of the first entry.
      Self.archive { $0.append(.init(name: "b/data.pkl", content: [0])) },
      // What is not read may be compressed.
      Self.archive { $0.append(.init(name: "a/code/x.py", content: [1], method: 8)) },
    ]
    for archive in archives {
      #expect(try open(archive)["w"]?.tensor().elements == [1, 2, 3])
      // A comment behind the end.
      #expect(try open(archive + [0, 0, 7])["w"]?.count == 3)
    }
  }

  @Test func liesAreNamed() {
    let cases: [(String, [UInt8])] = [
      ("compressed", Self.archive { $0[0].method = 8 }),
      ("compressed", Self.archive { $0[1].method = 8 }),
      ("encrypted", Self.archive { $0[0].flags = 1 }),
      ("bigEndian", Self.archive { $0.append(.init(name: "a/byteorder", content: Array("big".utf8))) }),
      ("missingEntry", Self.archive { $0[0].name = "a/other.pkl" }),
      ("missingEntry", ZipBytes.archive([])),
      ("missingStorage", Self.archive { $0[1].name = "a/data/1" }),
      ("duplicateName", Self.archive { $0[1].name = "a/data.pkl" }),
      ("outOfBounds", Self.archive { $0[1].content.removeLast() }),
      ("malformed", Self.archive { $0[1].claimedOffset = 5 }),
      ("truncated", Self.archive { $0[1].claimedOffset = 1 << 20 }),
      ("truncated", Self.archive { $0[1].claimedSize = 1 << 20 }),
      (
        "truncated",
        Self.archive(zip64: true) {
          $0[1].isWide = true; $0[1].claimedOffset = 1 << 62
        }
      ),
      (
        "truncated",
        Self.archive(zip64: true) {
          $0[1].isWide = true; $0[1].claimedOffset = .max
        }
      ),
      (
        "truncated",
        Self.archive(zip64: true) {
          $0[1].isWide = true; $0[1].claimedSize = .max - 1
        }
      ),
      (
        "truncated",
        Self.archive(zip64: true) {
          $0[1].isWide = true; $0[1].claimedSize = UInt64(Int64.max)
        }
      ),
      ("malformed", Self.archive(zip64: true, claimedCount: 1 << 40) { _ in }),
      ("truncated", Self.archive(zip64: true, claimedCount: .max) { _ in }),
      ("malformed", Self.archive(claimedCount: 3) { _ in }),
    ]
    for (position, (kind, archive)) in cases.enumerated() {
      #expect(failure(archive)?.kind == kind, "case \(position)")
    }
  }

  @Test func zip64RecordsAreWhereTheySay() throws {
    var archive = Self.archive(zip64: true) { _ in }
    let locator = archive.count - 22 - 20
    for offset in [0, UInt64(1) << 50, .max] {
      archive.replaceSubrange(locator + 8..<locator + 16, with: PickleBytes.little(offset))
      #expect(["malformed", "truncated"].contains(failure(archive)?.kind))
    }
    var record = Self.archive(zip64: true) { _ in }
    record.replaceSubrange(locator - 8..<locator, with: PickleBytes.little(UInt64.max))
    #expect(failure(record)?.kind == "truncated")
  }

  @Test func manyEndSignaturesCostNothing() {
    let bytes = [UInt8]([0x50, 0x4b, 3, 4]) + (0..<50_000).flatMap { _ in [0x50, 0x4b, 5, 6] as [UInt8] }
    #expect(failure(bytes)?.kind != nil)
  }
}
