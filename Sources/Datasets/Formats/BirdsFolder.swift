import Files

/// CUB-200-2011 as it is published (Wah et al., 2011): `images.txt`, `image_class_labels.txt` (from 1),
/// `train_test_split.txt` (1 is training), `classes.txt`, and beside them what is marked in the pictures:
/// `bounding_boxes.txt` and `parts/part_locs.txt`.
public struct BirdsFolder: Sendable {
  /// A picture.
  public struct Picture: Sendable {
    /// Its number.
    public let number: Int
    /// Its path below `images`, such as `001.Black_footed_Albatross/photo.jpg`.
    public let name: String
    /// Position of its class.
    public let label: Int
    /// Whether it is one to learn from.
    public let isTraining: Bool
    /// Left, top, width and height of the bird in pixels, if the file of boxes tells them.
    public var box: [Double]?
    /// x and y of each visible part, if the file of parts tells of the picture.
    public var visibleParts: [(x: Double, y: Double)]?
  }

  /// The folder that holds the tables.
  public let path: String
  /// The names of the classes.
  public let classes: [String]
  /// The pictures, in the order of `images.txt`.
  public let pictures: [Picture]
  /// What is wrong with single lines, the first thousand and how many more there are; pictures that they concern are left
  /// out, or are without what they should tell.
  public let problems: [DatasetError]

  static let tables = ["images.txt", "image_class_labels.txt", "train_test_split.txt", "classes.txt"]

  /// Reads the tables in a folder, or in its subfolder `CUB_200_2011`.
  /// - Parameter marks: whether boxes and parts are wanted, as far as there are any.
  /// - Throws: `DatasetError` if a table is missing, classes are not in order, or no picture is left.
  public init(path root: String, marks: Bool = false) throws(DatasetError) {
    let inner = Paths.resolved("CUB_200_2011", in: root)
    let isOuter = Folders.kind(of: root + "/images.txt") == nil && Folders.kind(of: inner) == .folder
    let path = isOuter ? inner : root
    var reader = Reader(path: path)
    let classes = try TextTable(contentsOf: path + "/classes.txt").numbered()
    for (position, line) in classes.enumerated() where line.number != position + 1 {
      throw .badLine(
        path: path + "/classes.txt", line: line.line, reason: "the class \(position + 1) was expected")
    }
    let images = try TextTable(contentsOf: path + "/images.txt").numbered()
    let repeated = Set(Dictionary(grouping: images, by: \.number).filter { $1.count > 1 }.keys)
    let known = Set(images.map(\.number))
    let labels = try reader.numbers("image_class_labels.txt", 1, of: known)
    let isTraining = try reader.numbers("train_test_split.txt", 1, of: known, isFlag: true)
    let boxes = marks ? try reader.numbers("bounding_boxes.txt", 4, of: known, isOptional: true) : [:]
    let parts = marks ? try reader.parts("parts/part_locs.txt", of: known) : [:]
    var pictures: [Picture] = []
    for image in images {
      guard !repeated.contains(image.number) else {
        reader.note(
          "images.txt", line: image.line, "image \(image.number) has several lines, none of which counts")
        continue
      }
      guard let label = labels[image.number]?.first, let side = isTraining[image.number]?.first else {
        reader.note("images.txt", line: image.line, "image \(image.number) has no label or no split")
        continue
      }
      guard let label = Int(exactly: label), (1...max(1, classes.count)).contains(label) else {
        reader.problems.append(
          .labelOutOfRange(
            path: path + "/image_class_labels.txt", place: "image \(image.number)",
            label: Int(exactly: label - 1) ?? -1, classes: classes.count),
          in: path + "/image_class_labels.txt")
        continue
      }
      pictures.append(
        Picture(
          number: image.number, name: String(image.rest), label: label - 1, isTraining: side == 1,
          box: boxes[image.number], visibleParts: parts[image.number]))
    }
    guard !pictures.isEmpty else { throw reader.problems.all.first ?? .noImages(path: path) }
    self.path = path
    self.classes = classes.map { String($0.rest) }
    self.pictures = pictures
    problems = reader.problems.all
  }

  /// The pictures of one part; nil means all, and `val` the same as `test`.
  public func pictures(of split: DatasetSplit?) -> [Picture] {
    guard let split else { return pictures }
    return pictures.filter { $0.isTraining == (split == .train) }
  }
}

/// Reads tables of numbers and notes what is wrong with their lines.
private struct Reader {
  let path: String
  var problems = LineProblems()

  init(path: String) { self.path = path }

  /// Notes what is wrong with a line, or with several of one image.
  mutating func note(_ table: String, line: Int? = nil, _ reason: String) {
    let file = "\(path)/\(table)"
    problems.append(
      line.map { .badLine(path: file, line: $0, reason: reason) } ?? .damaged(path: file, reason: reason),
      in: file)
  }

  /// The numbers behind the first of each line, by the first; of lines that say different things of one picture none.
  /// - Parameter isFlag: whether the last number of a line is 0 or 1.
  mutating func numbers(
    _ name: String, _ count: Int, of known: Set<Int>, isOptional: Bool = false, isFlag: Bool = false
  ) throws(DatasetError) -> [Int: [Double]] {
    var result: [Int: [Double]] = [:]
    var repeated: Set<Int> = []
    try lines(name, count, of: known, isOptional: isOptional, isFlag: isFlag) { image, values in
      if result.updateValue(values, forKey: image).map({ $0 != values }) ?? false { repeated.insert(image) }
    }
    for image in repeated.sorted() {
      result[image] = nil
      note(name, "image \(image) has several lines that differ, none of which counts")
    }
    return result
  }

  /// Visible parts: lines of image, part, x, y and 1 if it is visible; none of an image with lines that say different
  /// things of one part.
  mutating func parts(
    _ name: String, of known: Set<Int>
  ) throws(DatasetError) -> [Int: [(x: Double, y: Double)]] {
    var found: [Int: [Double: [Double]]] = [:]
    var repeated: Set<Int> = []
    try lines(name, 4, of: known, isOptional: true, isFlag: true) { image, values in
      let place = Array(values.dropFirst())
      if found[image, default: [:]].updateValue(place, forKey: values[0]).map({ $0 != place }) ?? false {
        repeated.insert(image)
      }
    }
    for image in repeated.sorted() {
      found[image] = nil
      note(name, "image \(image) has several lines of one part that differ, so none of its parts counts")
    }
    return found.mapValues { parts in
      parts.sorted { $0.key < $1.key }.filter { $1[2] == 1 }.map { (x: $1[0], y: $1[1]) }
    }
  }

  private mutating func lines(
    _ name: String, _ count: Int, of known: Set<Int>, isOptional: Bool, isFlag: Bool,
    _ take: (Int, [Double]) -> Void
  ) throws(DatasetError) {
    let file = "\(path)/\(name)"
    guard !isOptional || Folders.kind(of: file) != nil else { return }
    for line in try TextTable(contentsOf: file).lines {
      let words = line.text.split(whereSeparator: \.isWhitespace)
      let values = words.dropFirst().compactMap { Decimal.number($0) }.filter { abs($0) < 1e10 }
      guard let number = words.first.flatMap({ Int($0) }), values.count == count, words.count == count + 1
      else {
        let expected = count == 1 ? "two" : "\(count + 1)"
        note(name, line: line.number, "\(expected) numbers were expected")
        continue
      }
      guard known.contains(number) else {
        note(name, line: line.number, "image \(number) is not in images.txt")
        continue
      }
      guard !isFlag || values.last == 0 || values.last == 1 else {
        note(name, line: line.number, "0 or 1 was expected at the end")
        continue
      }
      take(number, values)
    }
  }
}
