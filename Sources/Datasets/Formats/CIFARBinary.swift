import Files

extension DatasetFormat {
  /// CIFAR-10's binary batches: for each picture a byte of label and 1024 bytes each of red, green and blue
  /// (https://www.cs.toronto.edu/~kriz/cifar.html). The path is their folder, or the one around it.
  static let cifarBinary = DatasetFormat(
    name: "cifar10-binary", summary: "CIFAR-10, binary version (data_batch_1.bin …)",
    recognises: { CIFARBinary.folder(of: $0) != nil }, open: CIFARBinary.open)
}

private enum CIFARBinary {
  static func folder(of path: String) -> String? {
    [path, path + "/cifar-10-batches-bin"].first {
      Folders.kind(of: $0 + "/test_batch.bin") == .file || Folders.kind(of: $0 + "/data_batch_1.bin") == .file
    }
  }

  static func open(_ source: DatasetSource) throws(DatasetError) -> any Dataset {
    let folder = folder(of: source.path) ?? source.path
    var dataset = DecodedDataset(classes: try classes(in: folder))
    let record = 1 + CIFAR10.size
    for batch in CIFAR10.batches(of: source.split) {
      let path = "\(folder)/\(batch).bin"
      let file: MappedFile
      do { file = try MappedFile(path: path) } catch { throw .file(error) }
      guard file.count > 0, file.count.isMultiple(of: record) else {
        throw .damaged(
          path: path, reason: "its \(file.count) bytes are no whole number of \(record)-byte images")
      }
      let labels = file.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: record).map { Int(bytes[$0]) }
      }
      try withExtendedLifetime(file) { () throws(DatasetError) in
        try dataset.append(planar: file.bytes, offset: 1, stride: record, labels: labels, path: path)
      }
    }
    return dataset
  }

  private static func classes(in folder: String) throws(DatasetError) -> [String] {
    let path = folder + "/batches.meta.txt"
    guard Folders.kind(of: path) != nil else { return CIFAR10.classes }
    return try TextTable(contentsOf: path).lines.map { String($0.text) }
  }
}
