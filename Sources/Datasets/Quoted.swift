/// Names in sentences.
package enum Quoted {
  /// "the class 'a'", "the classes 'a', 'b'", "40 of 50 classes: 'a', 'b', 'c' …".
  package static func brief(_ names: [String], of total: Int) -> String {
    let first = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    switch names.count {
    case 1: return "the class \(first)"
    case 2...3: return "the classes \(first)"
    default: return "\(names.count) of \(total) classes: \(first) …"
    }
  }
}
