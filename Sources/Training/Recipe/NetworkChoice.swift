import EDNets
import Files

/// The network of a recipe.
public enum NetworkChoice: Hashable, Sendable {
  /// A name of the registry.
  case named(String)
  /// The path of a description.
  case file(String)
  /// A description in the recipe itself.
  case described(NetworkDescription)

  /// A path if it ends as files of descriptions do, else a name.
  public init(_ text: String) { self = NetworkDescription.isFile(text) ? .file(text) : .named(text) }

  /// The description, with another number of classes.
  /// - Throws: `UnknownModel`, `DescriptionError`, `FileError`, `ModelError`.
  public func description(classes: Int) throws -> NetworkDescription {
    var found: NetworkDescription
    switch self {
    case .named(let name): found = try ModelRegistry.description(named: name, classes: classes)
    case .file(let path): found = try NetworkDescription(contentsOf: path)
    case .described(let description): found = description
    }
    found.classes = classes
    try found.validate()
    return found
  }
}

extension NetworkChoice: Codable {
  /// A string or a description.
  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self.init(text)
    } else {
      do { self = .described(try NetworkDescription(from: decoder)) } catch {
        let field = FieldPath.text(decoder.codingPath)
        throw FieldMistake(field, "cannot be built: \(DecodingErrorReason.text(of: error))")
      }
    }
  }

  /// A string or a description.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .named(let text), .file(let text):
      var container = encoder.singleValueContainer()
      try container.encode(text)
    case .described(let description): try description.encode(to: encoder)
    }
  }
}
