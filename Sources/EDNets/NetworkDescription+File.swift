import Files
import FoundationEssentials

extension NetworkDescription {
  /// Reads a description from a JSON file.
  /// - Throws: `FileError`, or `ModelError.unreadable` naming the field.
  public init(contentsOf path: String) throws {
    let data = try MappedFile(path: path).withUnsafeBytes { Data($0) }
    do {
      self = try JSONDecoder().decode(NetworkDescription.self, from: data)
      try validate()
    } catch let error as DescriptionError {
      throw ModelError.unreadable(path: path, part: "the network", reason: error.description)
    } catch {
      throw ModelError.unreadable(
        path: path, part: "the network", reason: DecodingErrorReason.text(of: error))
    }
  }
}
