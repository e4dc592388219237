extension CheckpointError: CustomStringConvertible {
  /// One sentence for a person. Names out of the file are shortened and stripped of control characters.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .unknownFormat(let path):
      "\(path): is neither a safetensors file nor one that torch.save wrote"
    case .notWeights(let path, let kind): "\(path): is no weight file, but \(Self.plain(kind))"
    case .truncated(let path, let part): "\(path): ends inside \(Self.plain(part))"
    case .malformed(let path, let part, let reason): "\(path): \(Self.plain(part)) is damaged: \(reason)"
    case .limitExceeded(let path, let part, let limit): "\(path): \(part) has more than \(limit)"
    case .duplicateName(let path, let name): "\(path): has \(Self.quoted(name)) twice"
    case .reservedName(let path, let name):
      "\(path): no tensor can be written under the name \(Self.quoted(name))"
    case .impossibleShape(let path, let tensor, let shape):
      "\(path): \(Self.quoted(tensor)) has the impossible shape \(Self.brief(shape))"
    case .wrongSize(let path, let tensor, let expected, let found):
      "\(path): \(Self.quoted(tensor)) has \(found) bytes where its shape needs \(expected)"
    case .outOfBounds(let path, let tensor): "\(path): \(Self.quoted(tensor)) reaches outside its data"
    case .overlap(let path, let tensor): "\(path): \(Self.quoted(tensor)) overlaps the tensor before it"
    case .hole(let path, let tensor?):
      "\(path): bytes before \(Self.quoted(tensor)) belong to no tensor"
    case .hole(let path, nil): "\(path): bytes at the end belong to no tensor"
    case .unknownType(let path, let tensor, let type):
      "\(path): \(Self.quoted(tensor)) has the unknown type \(Self.quoted(type))"
    case .unsupportedType(let path, let tensor, let type):
      "\(path): \(Self.quoted(tensor)) is of type \(type.rawValue), which edviz does not convert"
    case .compressed(let path, let entry):
      "\(path): its entry \(Self.quoted(entry)) is compressed; torch.save stores entries plainly"
    case .encrypted(let path, let entry): "\(path): its entry \(Self.quoted(entry)) is encrypted"
    case .missingEntry(let path, let entry): "\(path): is a zip archive without \(Self.quoted(entry))"
    case .bigEndian(let path): "\(path): was saved on a big-endian machine, which edviz does not read"
    case .forbidden(let path, let name): "\(path): names \(Self.plain(name)), which edviz does not execute"
    case .unsupportedOperation(let path, let code, let offset):
      "\(path): its pickle uses operation 0x\(String(code, radix: 16)) at byte \(offset), "
        + "which saved weights do not need"
    case .missingStorage(let path, let tensor):
      "\(path): the storage of \(Self.quoted(tensor)) is not in the file"
    case .wholeModule(let path, let name):
      "\(path): holds a whole module (\(Self.plain(name))), which only its own code can make again; save model.state_dict()"
    case .noWeights(let path, let name): "\(path): holds a module (\(Self.plain(name))) and no weights"
    case .unreadTensor(let path, let tensor, let kind):
      "\(path): its tensor \(Self.plain(tensor)) is of a kind that edviz does not read: "
        + (kind.contains("quant") || kind.contains("_rebuild_q") || kind.contains(".Q")
          ? "quantised (\(Self.plain(kind)))" : Self.plain(kind))
    case .noTensors(let path): "\(path): holds no tensors under names"
    case .severalNetworks(let path, let choices):
      "\(path): holds several networks; say which with \(Self.choices(choices)) ('edviz inspect' lists what is there)"
    case .noSuchPlace(let path, let option, let name, let known):
      "\(path): has nothing for \(option) \(Self.quoted(name))"
        + (known.isEmpty ? "" : "; there is \(Self.choices(known))")
    case .mismatch(let path, let mismatch):
      "\(path): does not fit the network: \(mismatch.description)"
    }
  }

  private static func choices(_ words: [String]) -> String {
    let limit = 6
    let rest = words.count > limit ? " or \(words.count - limit) more" : ""
    return words.prefix(limit).map(plain).joined(separator: " or ") + rest
  }

  private static func quoted(_ name: String) -> String { "'\(plain(name))'" }

  /// The start of a name, with control characters replaced, because a terminal would obey them.
  static func plain(_ name: String) -> String {
    let limit = 120
    let scalars = name.unicodeScalars.prefix(limit).map { scalar -> Character in
      scalar.properties.generalCategory.isPrintable ? Character(scalar) : "\u{fffd}"
    }
    return String(scalars) + (scalars.count == limit ? "…" : "")
  }

  fileprivate static func brief(_ shape: [Int]) -> String {
    let limit = 8
    let dimensions = shape.prefix(limit).map { "\($0)" }.joined(separator: ", ")
    return "[\(dimensions)\(shape.count > limit ? ", …" : "")]"
  }

  fileprivate static func list(_ kind: String, _ items: [String]) -> String? {
    guard !items.isEmpty else { return nil }
    let limit = 5
    let rest = items.count > limit ? " and \(items.count - limit) more" : ""
    return "\(kind) \(items.prefix(limit).map(quoted).joined(separator: ", "))\(rest)"
  }

  fileprivate static func list(_ shapes: [Mismatch.Shape]) -> String? {
    guard !shapes.isEmpty else { return nil }
    let limit = 5
    let rest = shapes.count > limit ? " and \(shapes.count - limit) more" : ""
    let items = shapes.prefix(limit).map {
      "\(quoted($0.name)) \(brief($0.found)) instead of \(brief($0.expected))"
    }
    return "mis-shaped \(items.joined(separator: ", "))\(rest)"
  }
}

extension CheckpointError.Mismatch: CustomStringConvertible {
  /// The differences, up to five of each kind by name.
  public var description: String {
    [
      CheckpointError.list("missing", missing), CheckpointError.list("unexpected", unexpected),
      CheckpointError.list(misshaped),
    ].compactMap { $0 }.joined(separator: "; ")
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isPrintable: Bool {
    switch self {
    case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
