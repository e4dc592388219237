import Images

/// The images of some classes of a dataset.
public struct Subset: Dataset {
  private let dataset: any Dataset
  private let positions: [Int]
  /// The class of each label of the whole dataset here; below 0 for classes that are left out.
  private let labels: [Int]
  /// The name of each class.
  public let classes: [String]

  /// The images of the named classes, whose order is that of `classes`.
  /// - Throws: `DatasetError.unknownClass` for a name that the dataset does not have, or has been named before.
  public init(_ dataset: any Dataset, classes: [String], path: String) throws(DatasetError) {
    var labels = [Int](repeating: -1, count: dataset.classes.count)
    for (label, name) in classes.enumerated() {
      guard let old = dataset.classes.firstIndex(of: name), labels[old] < 0 else {
        throw .unknownClass(path: path, name: name, known: dataset.classes)
      }
      labels[old] = label
    }
    self.dataset = dataset
    self.labels = labels
    self.classes = classes
    positions = (0..<dataset.count).filter { labels[dataset.label(at: $0)] >= 0 }
  }

  /// Number of images.
  public var count: Int { positions.count }
  /// As in the whole dataset.
  public var isDecoded: Bool { dataset.isDecoded }
  /// The class of an image.
  public func label(at position: Int) -> Int { labels[dataset.label(at: positions[position])] }
  /// The picture.
  public func image(at position: Int) throws -> Image { try dataset.image(at: positions[position]) }
  /// As of the whole dataset.
  public var remarks: [String] { dataset.remarks }
  /// The image's name in the whole dataset.
  public func name(at position: Int) -> String { dataset.name(at: positions[position]) }
}
