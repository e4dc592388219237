import Files
import Testing

@testable import Checkpoints

@Suite struct CheckpointErrorTests {
  private static let mismatch = CheckpointError.Mismatch(
    missing: (1...7).map { "m\($0)" }, unexpected: ["u"],
    misshaped: [.init(name: "s", expected: [10, 64], found: [100, 64])])

  private static let sentences: [(CheckpointError, String)] = [
    (.file(.notFound(path: "w.pth")), "w.pth: no such file or folder"),
    (.unknownFormat(path: "w.pth"), "w.pth: is neither a safetensors file nor one that torch.save wrote"),
    (.truncated(path: "w.pth", part: "its pickle"), "w.pth: ends inside its pickle"),
    (
      .malformed(path: "w.pth", part: "its header", reason: "':' expected at byte 9"),
      "w.pth: its header is damaged: ':' expected at byte 9"
    ),
    (
      .limitExceeded(path: "w.pth", part: "its header", limit: "100000000 bytes"),
      "w.pth: its header has more than 100000000 bytes"
    ),
    (.duplicateName(path: "w.pth", name: "a"), "w.pth: has 'a' twice"),
    (
      .reservedName(path: "w.pth", name: "__metadata__"),
      "w.pth: no tensor can be written under the name '__metadata__'"
    ),
    (
      .impossibleShape(path: "w.pth", tensor: "a", shape: [4, -1]),
      "w.pth: 'a' has the impossible shape [4, -1]"
    ),
    (
      .wrongSize(path: "w.pth", tensor: "a", expected: 8, found: 4),
      "w.pth: 'a' has 4 bytes where its shape needs 8"
    ),
    (.outOfBounds(path: "w.pth", tensor: "a"), "w.pth: 'a' reaches outside its data"),
    (.overlap(path: "w.pth", tensor: "a"), "w.pth: 'a' overlaps the tensor before it"),
    (.hole(path: "w.pth", before: "a"), "w.pth: bytes before 'a' belong to no tensor"),
    (.hole(path: "w.pth", before: nil), "w.pth: bytes at the end belong to no tensor"),
    (.unknownType(path: "w.pth", tensor: "a", type: "F4"), "w.pth: 'a' has the unknown type 'F4'"),
    (
      .unsupportedType(path: "w.pth", tensor: "a", type: .c64),
      "w.pth: 'a' is of type C64, which edviz does not convert"
    ),
    (
      .compressed(path: "w.pth", entry: "w/data.pkl"),
      "w.pth: its entry 'w/data.pkl' is compressed; torch.save stores entries plainly"
    ),
    (.encrypted(path: "w.pth", entry: "w/data.pkl"), "w.pth: its entry 'w/data.pkl' is encrypted"),
    (.missingEntry(path: "w.pth", entry: "w/data.pkl"), "w.pth: is a zip archive without 'w/data.pkl'"),
    (.bigEndian(path: "w.pth"), "w.pth: was saved on a big-endian machine, which edviz does not read"),
    (.forbidden(path: "w.pth", name: "os.system"), "w.pth: names os.system, which edviz does not execute"),
    (
      .unsupportedOperation(path: "w.pth", code: 0x69, offset: 12),
      "w.pth: its pickle uses operation 0x69 at byte 12, which saved weights do not need"
    ),
    (.missingStorage(path: "w.pth", tensor: "a"), "w.pth: the storage of 'a' is not in the file"),
    (
      .noTensors(path: "w.pth"),
      "w.pth: holds no tensors under names"
    ),
    (.notWeights(path: "w.pth", kind: "an HTML page"), "w.pth: is no weight file, but an HTML page"),
    (
      .severalNetworks(path: "w.pth", choices: ["--key a", "--key b"]),
      "w.pth: holds several networks; say which with --key a or --key b ('edviz inspect' lists what is there)"
    ),
    (
      .noSuchPlace(path: "w.pth", option: "--key", name: "c", known: ["a", "b"]),
      "w.pth: has nothing for --key 'c'; there is a or b"
    ),
    (
      .mismatch(path: "w.pth", mismatch),
      "w.pth: does not fit the network: missing 'm1', 'm2', 'm3', 'm4', 'm5' and 2 more; unexpected 'u'; "
        + "mis-shaped 's' [100, 64] instead of [10, 64]"
    ),
  ]

  @Test(arguments: sentences) func eachMistakeIsOneSentence(error: CheckpointError, sentence: String) {
    #expect(error.description == sentence)
  }

  @Test func namesFromFilesCannotDriveATerminal() {
    let error = CheckpointError.overlap(
      path: "w", tensor: "a\u{1b}[2J\n\u{202e}b" + String(repeating: "x", count: 500))
    #expect(error.description.hasPrefix("w: 'a\u{fffd}[2J\u{fffd}\u{fffd}bxxx"))
    #expect(error.description.count < 180)
    let forbidden = CheckpointError.forbidden(path: "w", name: "os\u{7}.system")
    #expect(forbidden.description == "w: names os\u{fffd}.system, which edviz does not execute")
  }
}
