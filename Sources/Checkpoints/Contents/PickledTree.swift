/// What the dictionaries of a pickle hold, however they are nested.
struct PickledTree {
  /// Bytes of the longest name or key; those of PyTorch are shorter than a hundred.
  static let maximumNameLength = 1024
  /// Dictionaries in dictionaries that are looked at.
  static let maximumDepth = 8
  /// Dictionaries and lists that are looked at; an optimizer has one for each parameter.
  static let maximumContainers = 20_000
  /// Things beside tensors that are told.
  static let maximumCompany = 400

  private(set) var dictionaries: [TensorDictionary] = []
  private(set) var company: [Companion] = []
  private let pickle: Pickle
  private let path: String

  /// Walks through the containers, the outermost first; each is looked at once, so that cycles end.
  init(_ pickle: Pickle, path: String) throws(CheckpointError) {
    self.pickle = pickle
    self.path = path
    var queue: [(key: String, depth: Int, value: Pickle.Value)] = [("", 0, pickle.root)]
    var seen: Set<Container> = []
    var next = 0
    while next < queue.count, seen.count < Self.maximumContainers {
      let (key, depth, value) = queue[next]
      next += 1
      guard let container = Container(value, in: pickle), seen.insert(container).inserted else { continue }
      for child in try visit(container, key: key, depth: depth) where depth < Self.maximumDepth {
        let name = key.isEmpty ? child.key : "\(key).\(child.key)"
        if name.utf8.count <= Self.maximumNameLength { queue.append((name, depth + 1, child.value)) }
      }
    }
  }

  /// A value that holds others.
  private enum Container: Hashable {
    case dictionary(Int)
    case sequence(Int)

    init?(_ value: Pickle.Value, in pickle: Pickle) {
      switch value {
      case .dictionary(let dictionary): self = .dictionary(dictionary)
      case .placeholder(let placeholder):
        guard let items = pickle.placeholders[placeholder].items else { return nil }
        self = .dictionary(items)
      case .list(let list), .tuple(let list): self = .sequence(list)
      default: return nil
      }
    }
  }

  /// Notes the tensors of a container, and gives what else is in it.
  private mutating func visit(
    _ container: Container, key: String, depth: Int
  ) throws(CheckpointError) -> [(key: String, value: Pickle.Value)] {
    switch container {
    case .sequence(let sequence):
      // Tensors of a list have no names; what is looked for are dictionaries.
      return pickle.sequences[sequence].prefix(Self.maximumContainers).enumerated().compactMap {
        Container($0.element, in: pickle) == nil ? nil : ("\($0.offset)", $0.element)
      }
    case .dictionary(let dictionary):
      var found = TensorDictionary(key: key)
      var positions: [String: Int] = [:]
      var others: [(key: String, value: Pickle.Value)] = []
      var places: [String: Int] = [:]
      for pair in pickle.dictionaries[dictionary] {
        guard let name = Self.name(pair.key) else { continue }
        let isShort = name.utf8.count <= Self.maximumNameLength
        if case .text = pair.key, let value = tensor(pair.value) {
          guard isShort else {
            throw .limitExceeded(
              path: path, part: "a tensor's name", limit: "\(Self.maximumNameLength) bytes")
          }
          // As in Python, the last tensor assigned to a name is the one that counts.
          if let position = positions[name] {
            found.values[position] = value
          } else {
            positions[name] = found.names.count
            found.names.append(name)
            found.values.append(value)
          }
        } else if isShort {
          if let place = places[name] {
            others[place].value = pair.value
          } else {
            places[name] = others.count
            others.append((name, pair.value))
          }
        }
      }
      if !found.names.isEmpty { dictionaries.append(found) }
      if depth < 3 { note(others, under: key) }
      return others
    }
  }

  /// A key of a dictionary as text.
  private static func name(_ key: Pickle.Value) -> String? {
    switch key {
    case .text(let text): text
    case .integer(let number): "\(number)"
    default: nil
    }
  }

  private func tensor(_ value: Pickle.Value) -> TensorDictionary.Value? {
    switch value {
    case .tensor(let tensor): .tensor(tensor)
    case .array(let array): pickle.arrays[array].type == nil ? nil : .array(array)
    case .placeholder(let index) where pickle.placeholders[index].isTensor:
      .unread(kind: pickle.placeholders[index].name)
    default: nil
    }
  }

  private mutating func note(_ others: [(key: String, value: Pickle.Value)], under key: String) {
    for other in others.prefix(max(0, Self.maximumCompany - company.count)) {
      let name = key.isEmpty ? other.key : "\(key).\(other.key)"
      company.append(Companion(key: name, kind: kind(of: other.value)))
    }
  }

  private func kind(of value: Pickle.Value) -> String {
    switch value {
    case .none: "None"
    case .boolean(let value): value ? "True" : "False"
    case .integer(let value): "\(value)"
    case .longInteger: "a long integer"
    case .float(let value): "\(value)"
    case .text(let text): "'\(text.prefix(60))'\(text.utf8.count > 240 ? "…" : "")"
    case .bytes(let range): "\(range.count) bytes"
    case .buffer(let buffer): "\(pickle.buffers[buffer].count) bytes"
    case .tuple(let list), .list(let list): "a list of \(pickle.sequences[list].count)"
    case .dictionary(let dictionary): "a dictionary of \(pickle.dictionaries[dictionary].count)"
    case .global: "a class or function"
    case .storage: "a storage"
    case .tensor: "a tensor"
    case .array: "a NumPy array"
    case .byteType: "a NumPy type"
    case .placeholder(let placeholder): pickle.placeholders[placeholder].name
    }
  }
}
