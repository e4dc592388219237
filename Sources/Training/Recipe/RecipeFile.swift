import Datasets
import EDNets
import Files
import Yams

extension Recipe {
  /// Reads a recipe. Paths in it begin at its folder; a recipe without a name is called after its file.
  /// - Throws: `FileError`, or `TrainingError` naming file and field.
  public init(contentsOf path: String) throws {
    try self.init(yaml: try TextFile.read(path, limit: 1 << 24), path: path)
  }

  /// Reads a recipe from text; `path` is where it would stand.
  public init(yaml: String, path: String) throws {
    do {
      guard let node = try YAMLText(yaml).root(), let mapping = node.mapping else {
        throw TrainingError.unreadableRecipe(path: path, reason: "it holds no fields")
      }
      self = try YAMLDecoder().decode(Recipe.self, from: node)
      if mapping["name"] == nil { name = Paths.stem(of: path) }
      resolvePaths(in: Paths.folder(of: path))
      try check()
    } catch { throw Self.error(error, path: path) }
  }

  /// The same recipe if its values can be used; for one that was changed since it was read.
  /// - Parameter path: what an error calls it.
  public func validated(path: String) throws -> Recipe {
    do { try check() } catch { throw Self.error(error, path: path) }
    return self
  }

  /// A part of a recipe, such as a schedule, from YAML that stands elsewhere than in a file.
  /// - Parameter place: what an error calls that place.
  public static func part<Value: Decodable>(_ type: Value.Type, yaml: String, place: String) throws -> Value {
    do { return try YAMLText(yaml).decode(type) } catch { throw Self.error(error, path: place) }
  }

  /// Paths that begin at the current folder begin at the root then, so that the run can be continued from anywhere.
  public mutating func makePathsAbsolute() { resolvePaths(in: ".") }

  private mutating func resolvePaths(in folder: String) {
    func resolve(_ path: String) -> String { Paths.absolute(Paths.resolved(path, in: folder)) }
    func resolve(_ source: inout DatasetSource) {
      source.path = resolve(source.path)
      source.root = source.root.map(resolve)
    }
    if case .file(let path) = network { network = .file(resolve(path)) }
    resolve(&data.train)
    if var validation = data.validation {
      resolve(&validation)
      data.validation = validation
    }
    initFrom = initFrom.map(resolve)
    if let teacher { self.teacher?.labels = resolve(teacher.labels) }
    heatmaps = heatmaps.map(resolve)
  }

  /// A sentence about the tab that a line is indented with, which YAML does not take.
  private static func tab(in error: YamlError) -> String? {
    guard case .scanner(_, _, _, let text) = error else { return nil }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.firstIndex { $0.prefix { $0.isWhitespace }.contains("\t") }.map {
      "a tab stands at the beginning of line \($0 + 1), where YAML takes spaces"
    }
  }

  /// What a mistake in a file is called; errors that name a file themselves stay.
  private static func error(_ error: any Error, path: String) -> any Error {
    switch error {
    case let mistake as FieldMistake:
      return TrainingError.field(path: path, field: mistake.field, reason: mistake.reason)
    case let unknown as UnknownField:
      let last = unknown.field.split(separator: ".").last.map(String.init) ?? unknown.field
      return TrainingError.unknownField(
        path: path, field: unknown.field, nearest: nearestNames(to: last, among: unknown.known, count: 3))
    case let aliases as TooManyAliases:
      return TrainingError.unreadableRecipe(path: path, reason: aliases.description)
    case let yaml as YamlError:
      return TrainingError.unreadableRecipe(path: path, reason: tab(in: yaml) ?? firstLine("\(yaml)"))
    case DecodingError.keyNotFound(let key, let context):
      let field = FieldPath.text(context.codingPath, key.stringValue)
      return TrainingError.field(path: path, field: field, reason: "is missing")
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return TrainingError.field(
        path: path, field: FieldPath.text(context.codingPath), reason: "is of another type than it should be")
    case DecodingError.dataCorrupted(let context):
      if let inner = context.underlyingError { return Self.error(inner, path: path) }
      let field = FieldPath.text(context.codingPath)
      guard !field.isEmpty else {
        return TrainingError.unreadableRecipe(path: path, reason: context.debugDescription)
      }
      return TrainingError.field(
        path: path, field: field, reason: "cannot be used: \(context.debugDescription)")
    default: return error
    }
  }

  private static func firstLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
  }
}
