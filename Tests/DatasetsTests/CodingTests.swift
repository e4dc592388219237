import Foundation
import Testing
import Yams

@testable import Datasets

/// What recipes may say.
@Suite struct CodingTests {
  private static func decode<T: Decodable>(_: T.Type, _ json: String) throws -> T {
    try JSONDecoder().decode(T.self, from: Data(json.utf8))
  }

  /// The sentence about what is wrong.
  private static func complaint<T: Decodable>(_ type: T.Type, _ json: String) -> String {
    do {
      _ = try decode(type, json)
      return ""
    } catch DecodingError.dataCorrupted(let context) {
      return context.debugDescription
    } catch { return "\(error)" }
  }

  private static let everything = Augmentation([
    .randomResizedCrop(RandomResizedCrop(size: 64, area: [0.2, 1])), .padAndCrop(PadAndCrop(padding: 4)),
    .horizontalFlip(HorizontalFlip(probability: 0.3)), .colorJitter(ColorJitter(brightness: 0.4, hue: 0.1)),
    .resizeShortSide(size: 72), .resizeSquare(size: 70), .centerCrop(size: 64),
  ])

  @Test func stepsAreReadAndWritten() throws {
    let json = """
      [{"randomResizedCrop": {"size": 64, "area": [0.2, 1]}}, {"padAndCrop": {"padding": 4}},
       {"horizontalFlip": {"probability": 0.3}}, {"colorJitter": {"brightness": 0.4, "hue": 0.1}},
       {"resizeShortSide": {"size": 72}}, {"resizeSquare": {"size": 70}}, {"centerCrop": {"size": 64}}]
      """
    #expect(try Self.decode(Augmentation.self, json) == Self.everything)
    let written = try JSONEncoder().encode(Self.everything)
    #expect(try JSONDecoder().decode(Augmentation.self, from: written) == Self.everything)
    #expect(
      try Self.decode(Augmentation.self, "[\"horizontalFlip\"]").steps == [.horizontalFlip(HorizontalFlip())])
    #expect(try Self.decode(Augmentation.self, "[]").steps.isEmpty)
  }

  @Test(arguments: [
    (
      "[\"flip\"]",
      "there is no step 'flip'; known are randomResizedCrop, padAndCrop, horizontalFlip, colorJitter, resizeShortSide, resizeSquare, centerCrop"
    ),
    ("[\"centerCrop\"]", "'centerCrop' needs settings: {…}"),
    ("[{\"a\": 1, \"b\": 2}]", "a step has one name, but this has a, b"),
    (
      "[{\"padAndCrop\": {\"padding\": 4, \"fill\": 0}}]",
      "[0].padAndCrop.fill means nothing there; known are padding, size"
    ),
    ("[{\"centerCrop\": {\"sice\": 4}}]", "[0].centerCrop.sice means nothing there; known are size"),
    ("[{\"centerCrop\": {\"size\": 0}}]", "size is 0, but must be from 1 to 8192"),
    ("[{\"padAndCrop\": {\"padding\": -1}}]", "padding is -1, but must be from 0 to 4096"),
    ("[{\"horizontalFlip\": {\"probability\": 2}}]", "probability is 2.0, but must be from 0.0 to 1.0"),
    ("[{\"colorJitter\": {\"hue\": 0.6}}]", "hue is 0.6, but must be from 0.0 to 0.5"),
    (
      "[{\"randomResizedCrop\": {\"size\": 8, \"area\": [1, 0.5]}}]",
      "area is [1.0, 0.5], but must be two numbers from 0.0001 to 1.0, the smaller first"
    ),
  ])
  func mistakesInStepsAreNamed(_ json: String, _ sentence: String) {
    #expect(Self.complaint(Augmentation.self, json) == sentence)
  }

  @Test func sources() throws {
    let all = try Self.decode(
      DatasetSource.self,
      "{\"path\": \"p\", \"format\": \"list\", \"split\": \"val\", \"root\": \"r\", \"classes\": [\"a\"]}")
    #expect(all == DatasetSource(path: "p", format: "list", split: .val, root: "r", classes: ["a"]))
    #expect(try Self.decode(DatasetSource.self, "{\"path\": \"p\"}") == DatasetSource(path: "p"))
    #expect(
      Self.complaint(DatasetSource.self, "{\"path\": \"p\", \"spilt\": \"val\"}").hasPrefix(
        "spilt means nothing there"))
    #expect(try JSONDecoder().decode(DatasetSource.self, from: JSONEncoder().encode(all)) == all)
    #expect(!Self.complaint(DatasetSource.self, "{\"path\": \"p\", \"split\": \"dev\"}").isEmpty)
  }

  /// As recipes are written.
  @Test func yaml() throws {
    let text = """
      - randomResizedCrop: {size: 64, area: [0.2, 1]}
      - padAndCrop: {padding: 4}
      - horizontalFlip: {probability: 0.3}
      - colorJitter:
          brightness: 0.4
          hue: 0.1
      - resizeShortSide: {size: 72}
      - resizeSquare: {size: 70}
      - centerCrop: {size: 64}
      """
    #expect(try YAMLDecoder().decode(Augmentation.self, from: text) == Self.everything)
    let short = try YAMLDecoder().decode(
      Augmentation.self, from: "- padAndCrop: {padding: 2}\n- horizontalFlip\n")
    #expect(short.steps == [.padAndCrop(PadAndCrop(padding: 2)), .horizontalFlip(HorizontalFlip())])
    // Yams writes 15 digits, which 4/3 has not.
    let brief = Augmentation([
      .randomResizedCrop(RandomResizedCrop(size: 64, aspect: [0.5, 2])), .centerCrop(size: 3),
    ])
    let written = try YAMLEncoder().encode(brief)
    #expect(try YAMLDecoder().decode(Augmentation.self, from: written) == brief)
    for wrong in [
      "- flip", "- centerCrop: {sice: 3}", "- centerCrop: 3", "- 3", "centerCrop: {size: 3}", "- {}",
    ] {
      #expect(throws: DecodingError.self) { try YAMLDecoder().decode(Augmentation.self, from: wrong) }
    }
    let source = try YAMLDecoder().decode(DatasetSource.self, from: "path: a.zip\nsplit: val\n")
    #expect(source == DatasetSource(path: "a.zip", split: .val))
  }

  @Test func otherSettings() throws {
    #expect(try Self.decode(CutMix.self, "{\"share\": 0.3}") == CutMix(share: 0.3, alpha: 1))
    #expect(
      Self.complaint(CutMix.self, "{\"beta\": 1}") == "beta means nothing there; known are share, alpha")
  }

  @Test func formatsHaveNames() throws {
    #expect(
      DatasetFormat.all.map(\.name) == [
        "cifar10-binary", "cifar10-python", "cifar10-rows", "cub-200-2011", "zip", "folders", "table", "list",
      ])
    #expect(DatasetFormat.all.allSatisfy { !$0.summary.isEmpty })
  }
}
