import FoundationEssentials
import Yams

extension Recipe {
  /// Every field as YAML, as a file that can be read again.
  public func yaml() throws -> String {
    let json = JSONEncoder()
    json.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: ".inf", negativeInfinity: "-.inf", nan: ".nan")
    // Yams keeps the order of the fields, but writes 0.1 as 1e-1 and only 15 digits; JSON writes the shortest number
    // that is read as the same one.
    let exact = String(decoding: try json.encode(self), as: UTF8.self)
    guard let ordered = try Yams.compose(yaml: YAMLEncoder().encode(self)),
      let numbers = try Yams.compose(yaml: exact)
    else { return "" }
    return try Yams.serialize(node: Self.joined(ordered, numbers), width: -1)
  }

  /// The first tree with the numbers of the second.
  private static func joined(_ node: Node, _ exact: Node) -> Node {
    switch node {
    case .mapping(let mapping):
      let pairs = mapping.map { key, value in
        (key, key.string.flatMap { exact.mapping?[$0] }.map { joined(value, $0) } ?? value)
      }
      return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style))
    case .sequence(let sequence):
      let items = zip(sequence, exact.sequence ?? []).map(joined)
      let isFlat = sequence.allSatisfy { $0.scalar != nil }
      return .sequence(Node.Sequence(items, sequence.tag, isFlat ? .flow : .any))
    case .scalar:
      guard node.tag.description == "tag:yaml.org,2002:float", let text = exact.scalar?.string,
        let value = Double(text)
      else { return node }
      return .scalar(Node.Scalar("\(value)", Tag(.float)))
    default: return node
    }
  }
}
