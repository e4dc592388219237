import Files
import Images

extension DatasetFormat {
  /// CIFAR-10 as pictures with a row for each image: `cifar10_batch_0.png` … `_49.png` for training, `_50.png` for
  /// testing, 1024 pixels wide, 1000 rows, lossless; labels of all 51,000 rows in `cifar10_labels.js`. Batches may be
  /// missing.
  static let pixelRows = DatasetFormat(
    name: "cifar10-rows", summary: "CIFAR-10, an image a row of PNG files (cifar10_batch_0.png …)",
    recognises: { Folders.kind(of: $0 + "/cifar10_labels.js") == .file }, open: PixelRows.open)
}

private enum PixelRows {
  /// Rows of a file.
  static let rows = 1000
  /// Files of training images.
  static let trainingFiles = 50

  static func open(_ source: DatasetSource) throws(DatasetError) -> any Dataset {
    let labels = try labels(source.path + "/cifar10_labels.js")
    let isTraining = source.split ?? .train == .train
    let numbers = isTraining ? 0..<trainingFiles : trainingFiles..<trainingFiles + 1
    var dataset = DecodedDataset(classes: CIFAR10.classes)
    for number in numbers {
      let path = "\(source.path)/cifar10_batch_\(number).png"
      guard Folders.kind(of: path) != nil else { continue }
      let image: Image
      do { image = try Image(contentsOf: path) } catch { throw .damaged(path: path, reason: "\(error)") }
      guard image.width == CIFAR10.side * CIFAR10.side, image.height <= rows else {
        throw .damaged(path: path, reason: "it is \(image.width) × \(image.height), not 1024 × \(rows)")
      }
      let first = number * rows
      guard first + image.height <= labels.count else {
        throw .damaged(path: path, reason: "there are only \(labels.count) labels")
      }
      try dataset.append(
        interleaved: image.pixels, labels: Array(labels[first..<first + image.height]), path: path)
    }
    guard dataset.count > 0 else {
      throw source.split == nil
        ? .noImages(path: source.path)
        : .noSplit(path: source.path, split: isTraining ? "train" : "test", found: [])
    }
    return dataset
  }

  /// The numbers between the brackets of `var labels=[6, 9, …];`.
  private static func labels(_ path: String) throws(DatasetError) -> [Int] {
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path, limit: 1 << 20) } catch { throw .file(error) }
    guard let start = bytes.firstIndex(of: UInt8(ascii: "[")),
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "]"))
    else { throw .damaged(path: path, reason: "it has no list in brackets") }
    var labels: [Int] = []
    for word in bytes[(start + 1)..<end].split(separator: UInt8(ascii: ",")) {
      guard let label = Int(Substring(decoding: word, as: UTF8.self).trimmed) else {
        throw .damaged(path: path, reason: "its label \(labels.count) is no number")
      }
      labels.append(label)
    }
    return labels
  }
}
