import Files
import Images
import Testing

@testable import Datasets

/// Zip archives of pictures, and archives that lie.
@Suite struct ArchiveTests {
  @Test func deflatedPictures() throws {
    let dataset = try DatasetSource(path: Fixtures.path("images.zip")).open()
    #expect(dataset.classes == ["zebra finch", "wren"])
    #expect((0..<dataset.count).map(dataset.label) == [1, 0, 1])
    #expect(try (0..<3).map { try dataset.image(at: $0).pixels[0] } == [0, 10, 20])
    #expect(dataset.name(at: 0).hasSuffix("images.zip:birds/train/n1/a b.png"))
    let val = try DatasetSource(path: Fixtures.path("images.zip"), split: .test).open()
    #expect(val.count == 1)
    #expect(val.label(at: 0) == 0)
    #expect(try val.image(at: 0).pixels[0] == 30)
  }

  /// Where the directory's record of an entry begins in an archive.
  private static func record(of name: String, in bytes: [UInt8]) -> Int {
    let name = Array(name.utf8)
    let found = (0..<(bytes.count - name.count)).last { bytes[$0..<$0 + name.count].elementsEqual(name) }
    return (found ?? 0) - 46
  }

  /// Opens the archive after a change to the directory's record of the first picture and reads that.
  private static func reading(changed offset: Int, to value: [UInt8]) throws -> DatasetError? {
    let folder = try TemporaryFolder()
    var bytes = try Fixtures.bytes("images.zip")
    let start = record(of: "birds/train/n1/a b.png", in: bytes) + offset
    bytes.replaceSubrange(start..<start + value.count, with: value)
    let path = try folder.write("x.zip", bytes)
    do {
      let dataset = try DatasetSource(path: path).open()
      _ = try dataset.image(at: 0)
      return nil
    } catch { return error as? DatasetError }
  }

  @Test func liesAreNamed() throws {
    #expect(try Self.reading(changed: 0, to: []) == nil)
    // Flags, method, checksum, packed size, size, offset.
    let changes: [(Int, [UInt8])] = [
      (8, [1, 0]), (10, [12, 0]), (16, [1, 2, 3, 4]), (20, [3, 0, 0, 0]), (20, [0xff, 0xff, 0xff, 0x0f]),
      (24, [3, 0, 0, 0]), (24, [0, 0, 1, 0]), (24, [0xff, 0xff, 0xff, 0x7f]), (42, [7, 0, 0, 0]),
      (42, [0xff, 0xff, 0xff, 0x7f]), (28, [0xff, 0xff]), (30, [0xff, 0xff]),
    ]
    for (offset, value) in changes {
      #expect(try Self.reading(changed: offset, to: value)?.kind == "damaged", "\(offset): \(value)")
    }
  }

  @Test func cutArchivesAreNamed() throws {
    let folder = try TemporaryFolder()
    let bytes = try Fixtures.bytes("images.zip")
    for length in stride(from: 4, to: bytes.count, by: 97) {
      let path = try folder.write("x.zip", bytes[..<length])
      #expect(failure(path)?.kind == "damaged", "\(length) bytes")
    }
  }

  @Test func contentIsBounded() throws {
    let file = try MappedFile(path: Fixtures.path("images.zip"))
    let archive = try ZipArchive(file.bytes)
    let entry = try #require(archive["birds/train/n1/boxes.txt"])
    #expect(try archive.content(of: entry, limit: 280).count == 280)
    #expect(throws: ZipError.self) { try archive.content(of: entry, limit: 279) }
    #expect(archive["nothing"] == nil)
  }

  /// Names that would leave the folder if anything were extracted.
  @Test func namesArePlainText() throws {
    let folder = try TemporaryFolder()
    var bytes = try Fixtures.bytes("images.zip")
    for (old, new) in [("birds/", "../../")] {
      let (old, new) = (Array(old.utf8), Array(new.utf8))
      for start in 0..<(bytes.count - old.count) where bytes[start..<start + old.count].elementsEqual(old) {
        bytes.replaceSubrange(start..<start + old.count, with: new)
      }
    }
    let dataset = try DatasetSource(path: try folder.write("x.zip", bytes)).open()
    #expect(dataset.count == 3)
    #expect(try dataset.image(at: 1).pixels[0] == 10)
    #expect(try Folders.contents(of: folder.path) == ["x.zip"])
  }
}
