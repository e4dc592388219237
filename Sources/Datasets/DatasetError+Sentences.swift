extension DatasetError: CustomStringConvertible {
  /// One sentence for a person, without control characters that a file's contents may have brought in.
  public var description: String { String(sentence.map { $0.isControl ? "\u{fffd}" : $0 }) }

  private var sentence: String {
    switch self {
    case .file(let error): error.description
    case .checkpoint(let error): error.description
    case .unknownFormat(let name, let known):
      "no dataset format is called \(name); there are \(known.joined(separator: ", "))"
    case .unrecognised(let path, let reason): "\(path): is no dataset that edviz knows: \(reason)"
    case .noSplit(let path, let split, let found):
      "\(path): has no split \(split)"
        + (found.isEmpty ? ", nor any other" : "; there is \(found.joined(separator: ", "))")
    case .noImages(let path): "\(path): holds no images"
    case .damaged(let path, let reason): "\(path): is damaged: \(reason)"
    case .badLine(let path, let line, let reason): "\(path): line \(line): \(reason)"
    case .labelOutOfRange(let path, let place, let label, let classes):
      "\(path): \(place) has the label \(label), but there are \(classes) classes, counted from 0"
    case .unknownClass(let path, let name, let known):
      known.contains(name)
        ? "\(path): the class \(name) is named twice"
        : "\(path): has no class \(name); there are \(Self.brief(known))"
    case .unlistedClass(let path, let folder): "\(path): does not list the class of the folder \(folder)"
    case .setting(let name, let value, let needed): "\(name) is \(value), but must be \(needed)"
    case .sizesDiffer(let file, let width, let height, let batchWidth, let batchHeight):
      "\(file): is \(width) × \(height) after augmentation where its batch has \(batchWidth) × \(batchHeight)"
    case .tooSmall(let file, let width, let height):
      "\(file): \(height) × \(width) pixels are too small for the network"
    case .moreBadLines(let path, let count): "\(path): \(count) more of its lines cannot be used"
    case .tooManyBad(let count, let total, let first):
      "\(count) of \(total) images cannot be read: \(first.joined(separator: "; "))"
        + (count > first.count ? "; …" : "")
    }
  }

  private static func brief(_ names: [String]) -> String {
    let limit = 10
    let rest = names.count > limit ? " and \(names.count - limit) more" : ""
    return names.prefix(limit).joined(separator: ", ") + rest
  }
}

extension Character {
  fileprivate var isControl: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
