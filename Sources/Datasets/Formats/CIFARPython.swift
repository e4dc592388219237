import Checkpoints
import Files

extension DatasetFormat {
  /// CIFAR-10's Python batches: pickled dictionaries with `data`, an array of bytes [N, 3072] (red, green, blue planes),
  /// `labels` and `filenames`. The path is their folder, or the one around it.
  static let cifarPython = DatasetFormat(
    name: "cifar10-python", summary: "CIFAR-10, Python version (data_batch_1 …)",
    recognises: { CIFARPython.folder(of: $0) != nil }, open: CIFARPython.open)
}

private enum CIFARPython {
  static func folder(of path: String) -> String? {
    [path, path + "/cifar-10-batches-py"].first {
      Folders.kind(of: $0 + "/test_batch") == .file || Folders.kind(of: $0 + "/data_batch_1") == .file
    }
  }

  static func open(_ source: DatasetSource) throws(DatasetError) -> any Dataset {
    let folder = folder(of: source.path) ?? source.path
    var dataset = DecodedDataset(classes: try classes(in: folder))
    for batch in CIFAR10.batches(of: source.split) {
      let path = "\(folder)/\(batch)"
      let content = try read(path)
      guard let data = content.array("data"), data.shape.count == 2, data.shape[1] == CIFAR10.size else {
        throw .damaged(path: path, reason: "it has no 'data' of \(CIFAR10.size) bytes an image")
      }
      guard let labels = content.integers("labels"), labels.count == data.shape[0] else {
        throw .damaged(
          path: path, reason: "it has not one of 'labels' for each of its \(data.shape[0]) images")
      }
      let names = content.texts("filenames").flatMap { $0.count == labels.count ? $0 : nil }
      try data.bytes.withUnsafeBufferPointer { bytes throws(DatasetError) in
        try dataset.append(
          planar: UnsafeRawBufferPointer(bytes), offset: 0, stride: CIFAR10.size, labels: labels, path: path,
          names: names)
      }
    }
    guard dataset.count > 0 else { throw .noImages(path: folder) }
    return dataset
  }

  private static func classes(in folder: String) throws(DatasetError) -> [String] {
    let path = folder + "/batches.meta"
    guard Folders.kind(of: path) != nil else { return CIFAR10.classes }
    guard let names = try read(path).texts("label_names"), !names.isEmpty else {
      throw .damaged(path: path, reason: "it has no list of 'label_names'")
    }
    return names
  }

  private static func read(_ path: String) throws(DatasetError) -> PickledDictionary {
    do { return try PickledDictionary(contentsOf: path) } catch { throw .checkpoint(error) }
  }
}
