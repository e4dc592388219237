import Files

extension DatasetFormat {
  /// CUB-200-2011 as it is published (Wah et al., 2011): `images.txt`, `image_class_labels.txt` (from 1),
  /// `train_test_split.txt` (1 is training), `classes.txt` and the folder `images`.
  static let birds = DatasetFormat(
    name: "cub-200-2011", summary: "CUB-200-2011 (images.txt, image_class_labels.txt, train_test_split.txt)",
    recognises: { path in
      BirdsLayout.tables.allSatisfy { Folders.kind(of: "\(path)/\($0)") == .file }
    }, open: BirdsLayout.open)
}

private enum BirdsLayout {
  static let tables = ["images.txt", "image_class_labels.txt", "train_test_split.txt", "classes.txt"]

  static func open(_ source: DatasetSource) throws(DatasetError) -> any Dataset {
    let classes = try TextTable(contentsOf: source.path + "/classes.txt").numbered()
    for (position, line) in classes.enumerated() where line.number != position + 1 {
      throw .badLine(
        path: source.path + "/classes.txt", line: line.line, reason: "the class \(position + 1) was expected")
    }
    let labelsPath = source.path + "/image_class_labels.txt"
    let labels = try numbers(labelsPath)
    let isTraining = try numbers(source.path + "/train_test_split.txt")
    let wanted = source.split ?? .train == .train
    let imagesPath = source.path + "/images.txt"
    var files: [(path: String, label: Int)] = []
    for image in try TextTable(contentsOf: imagesPath).numbered() {
      guard let label = labels[image.number], let side = isTraining[image.number] else {
        throw .badLine(
          path: imagesPath, line: image.line, reason: "image \(image.number) has no label or no split")
      }
      guard (1...max(1, classes.count)).contains(label) else {
        throw .labelOutOfRange(
          path: labelsPath, place: "image \(image.number)", label: label - 1, classes: classes.count)
      }
      guard (side == 1) == wanted else { continue }
      files.append(("\(source.path)/images/\(image.rest)", label - 1))
    }
    return try FileDataset(classes: classes.map { String($0.rest) }, files: files, path: source.path)
  }

  /// The second number of each line by the first.
  private static func numbers(_ path: String) throws(DatasetError) -> [Int: Int] {
    var result: [Int: Int] = [:]
    for line in try TextTable(contentsOf: path).numbered() {
      guard let value = Int32(line.rest) else {
        throw .badLine(path: path, line: line.line, reason: "two numbers were expected")
      }
      result[line.number] = Int(value)
    }
    return result
  }
}
