import Files

extension DatasetFormat {
  /// CUB-200-2011 as it is published.
  static let birds = DatasetFormat(
    name: "cub-200-2011", summary: "CUB-200-2011 (images.txt, image_class_labels.txt, train_test_split.txt)",
    recognises: { path in
      BirdsFolder.tables.allSatisfy { Folders.kind(of: "\(path)/\($0)") == .file }
    },
    open: { source throws(DatasetError) in
      let folder = try BirdsFolder(path: source.path)
      if let problem = folder.problems.first { throw problem }
      let files = folder.pictures(of: source.split ?? .train).map {
        (path: "\(folder.path)/images/\($0.name)", label: $0.label)
      }
      return try FileDataset(classes: folder.classes, files: files, path: source.path)
    })
}
