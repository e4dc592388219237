@testable import Datasets
@testable import Files

extension FuzzTarget {
  /// Signatures of records, and the head of the 64-bit extra field.
  static let zipWords = [
    "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "\u{1}\0\u{8}\0",
    "\u{1}\0\u{18}\0",
    "byteorder", "data.pkl", "data/0", "little",
  ]

  static let zipArchive = FuzzTarget(
    "zip",
    seeds: ["Tests/DatasetsTests/Fixtures/images.zip", "Tests/CheckpointsTests/Fixtures/t*.pth"],
    words: zipWords
  ) { bytes in
    try bytes.withUnsafeBytes { bytes in
      let archive = try ZipArchive(bytes)
      for entry in archive.entries {
        precondition(archive[entry.name] != nil, "an entry is found by its name")
        guard let range = try? archive.range(of: entry) else { continue }
        precondition(bytes.indices.contains(range.lowerBound) || range.isEmpty, "content lies in the archive")
        if let content = try? archive.content(of: entry, limit: FileDataset.maximumSize) {
          precondition(content.count == entry.size, "content is as long as the directory says")
        }
      }
    }
  }

  /// The pictures in it have targets of their own, with smaller limits.
  static let pictureArchive = FuzzTarget(
    "picture-archive", seeds: ["Tests/DatasetsTests/Fixtures/images.zip"],
    words: zipWords + ["classes.txt", "train/", "val/", "test/", "__MACOSX/", ".png", ".jpg", "/"]
  ) { bytes in
    try withFile(bytes, "pictures.zip") { path in
      let dataset = try DatasetSource(path: path, format: "zip").open()
      for position in 0..<dataset.count {
        precondition(dataset.classes.indices.contains(dataset.label(at: position)), "labels are positions")
        _ = dataset.name(at: position)
      }
    }
  }
}
