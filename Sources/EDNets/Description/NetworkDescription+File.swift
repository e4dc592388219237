import Files
import FoundationEssentials
import Yams

extension NetworkDescription {
  /// Whether a text is the path of a description rather than a name: it ends in `.yaml`, `.yml` or `.json`.
  public static func isFile(_ text: String) -> Bool {
    [".yaml", ".yml", ".json"].contains { text.hasSuffix($0) }
  }

  /// Reads a description from a file, JSON if its name ends so and YAML else.
  /// - Throws: `FileError`, or `ModelError.unreadable` naming the field.
  public init(contentsOf path: String) throws {
    let bytes = try FileBytes.read(path, limit: 1 << 20)
    do {
      self =
        path.hasSuffix(".json")
        ? try JSONDecoder().decode(NetworkDescription.self, from: Data(bytes))
        : try YAMLDecoder().decode(NetworkDescription.self, from: String(decoding: bytes, as: UTF8.self))
      try validate()
    } catch let error as DescriptionError {
      throw ModelError.unreadable(path: path, part: "the network", reason: error.description)
    } catch {
      throw ModelError.unreadable(
        path: path, part: "the network", reason: DecodingErrorReason.text(of: error))
    }
  }
}
