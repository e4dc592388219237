import Files
import FoundationEssentials

extension NetworkDescription {
  /// Whether a text is the path of a description rather than a name: it ends in `.yaml`, `.yml` or `.json`.
  public static func isFile(_ text: String) -> Bool {
    [".yaml", ".yml", ".json"].contains { text.lowercased().hasSuffix($0) }
  }

  /// Reads a description from a file, JSON if its name ends so and YAML else.
  /// - Throws: `FileError`, or `ModelError.unreadable` naming the field.
  public init(contentsOf path: String) throws {
    let text = try TextFile.read(path, limit: 1 << 20)
    do {
      self =
        path.lowercased().hasSuffix(".json")
        ? try JSONDecoder().decode(NetworkDescription.self, from: Data(text.utf8))
        : try YAMLText(text).decode(NetworkDescription.self)
      try validate()
    } catch let error as DescriptionError {
      throw ModelError.unreadable(path: path, part: "the network", reason: error.description)
    } catch let error as TooManyAliases {
      throw ModelError.unreadable(path: path, part: "the network", reason: error.description)
    } catch {
      throw ModelError.unreadable(
        path: path, part: "the network", reason: DecodingErrorReason.text(of: error))
    }
  }
}
