/// Which part of a dataset: what a network learns from, or what it is judged by.
public enum DatasetSplit: String, Codable, CaseIterable, Hashable, Sendable {
  /// What a network learns from.
  case train
  /// What it is judged by in the end; of datasets that have none, the validation images.
  case test
  /// What it is judged by on the way; of datasets that have none, the test images.
  case val

  /// Folders that hold the split, the best first.
  var folders: [String] {
    switch self {
    case .train: ["train", "training"]
    case .test: ["test", "testing"] + ["val", "validation", "valid"]
    case .val: ["val", "validation", "valid"] + ["test", "testing"]
    }
  }

  /// Every name that is a split's.
  static let allFolders = Set(allCases.flatMap(\.folders))

  /// Which of the splits' folders that are there holds the split that is wanted.
  ///
  /// Without a wish it is the training images or the only split, and everything (nil) where there are none.
  static func folder(
    for split: DatasetSplit?, among found: [String], path: String
  ) throws(DatasetError) -> String? {
    if split == nil, found.count <= 1 { return found.first }
    let wanted = split ?? .train
    guard let folder = wanted.folders.first(where: found.contains) else {
      throw .noSplit(path: path, split: wanted.rawValue, found: found)
    }
    return folder
  }
}
