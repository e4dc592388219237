import Checkpoints
import Files
import FoundationEssentials

/// What a safetensors file says about its model beside the tensors: JSON under three keys.
public struct ModelMetadata {
  /// The key of the `NetworkDescription`.
  public static let networkKey = "edviz.network"
  /// The key of the `Preprocessing`.
  public static let preprocessingKey = "edviz.preprocessing"
  /// The key of the class names, an array of strings.
  public static let classesKey = "classes"

  private let path: String
  private let entries: [String: String]

  /// The metadata of a file.
  public init(_ checkpoint: Checkpoint) {
    path = checkpoint.path
    entries = checkpoint.metadata
  }

  /// The file's name without folders and ending.
  var name: String { Paths.stem(of: path) }

  /// The network, if it is recorded.
  public func network() throws(ModelError) -> NetworkDescription? {
    guard let found = try decode(NetworkDescription.self, Self.networkKey) else { return nil }
    do { try found.validate() } catch {
      throw .unreadable(path: path, part: "metadata '\(Self.networkKey)'", reason: error.description)
    }
    return found
  }

  /// The preprocessing, if it is recorded.
  public func preprocessing() throws(ModelError) -> Preprocessing? {
    guard let found = try decode(Preprocessing.self, Self.preprocessingKey) else { return nil }
    if let mistake = found.mistake {
      throw .unreadable(
        path: path, part: "metadata '\(Self.preprocessingKey)'",
        reason: "its \(mistake.part) \(mistake.reason)")
    }
    return found
  }

  /// The class names, none if there are no records of them.
  public func classes() throws(ModelError) -> [String] {
    try decode([String].self, Self.classesKey) ?? []
  }

  /// The entries that record a model.
  public static func entries(
    network: NetworkDescription, preprocessing: Preprocessing, classes: [String]
  ) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    var entries = [networkKey: try text(network), preprocessingKey: try text(preprocessing)]
    if !classes.isEmpty { entries[classesKey] = try text(classes) }
    return entries
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws(ModelError) -> Value? {
    guard let text = entries[key] else { return nil }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw .unreadable(path: path, part: "metadata '\(key)'", reason: DecodingErrorReason.text(of: error))
    }
  }
}

/// A decoding error as the end of a sentence.
public enum DecodingErrorReason {
  /// "classes is missing", "stages[0].width is of another type".
  public static func text(of error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String { path.isEmpty ? "it" : FieldPath.text(path) }
    if let unknown = error as? UnknownField { return unknown.description }
    if let yaml = YAMLText.reason(of: error) { return yaml }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): return "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(place(context.codingPath)) is of another type than it should be"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "\(place(context.codingPath)) cannot be used: \(context.debugDescription)"
    default: return "it is not the JSON that is expected"
    }
  }
}
