import FoundationEssentials

/// JSON of any kind, for files of others of which some keys matter.
enum JSONValue: Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .null
    } else if let value = try? single.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? single.decode(Double.self) {
      self = .number(value)
    } else if let value = try? single.decode(String.self) {
      self = .text(value)
    } else if let value = try? single.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try single.decode([String: JSONValue].self))
    }
  }

  subscript(key: String) -> JSONValue? { if case .object(let object) = self { object[key] } else { nil } }

  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
  var object: [String: JSONValue]? { if case .object(let object) = self { object } else { nil } }

  /// A list of numbers and nothing else.
  var numbers: [Float]? {
    guard let list else { return nil }
    let numbers = list.compactMap(\.number).map { Float($0) }
    return numbers.count == list.count ? numbers : nil
  }

  /// A list of texts and nothing else.
  var texts: [String]? {
    guard let list else { return nil }
    let texts = list.compactMap(\.text)
    return texts.count == list.count ? texts : nil
  }
}
