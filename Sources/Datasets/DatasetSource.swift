import Files
import Images

/// Where labelled images come from, as a recipe says it.
public struct DatasetSource: Codable, Hashable, Sendable {
  /// A file or folder.
  public var path: String
  /// A name out of `DatasetFormat.all`, or `auto`: what the path looks like.
  public var format: String
  /// The part of the dataset; nil means the training images where there are splits, else everything.
  public var split: DatasetSplit?
  /// The folder in which the paths of a list begin; nil is the list's own.
  public var root: String?
  /// Only these classes, in this order; of a list, which has no names, the names of its labels.
  public var classes: [String]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case path, format, split, root, classes
  }

  /// A source at a path.
  public init(
    path: String, format: String = "auto", split: DatasetSplit? = nil, root: String? = nil,
    classes: [String]? = nil
  ) {
    self.path = path
    self.format = format
    self.split = split
    self.root = root
    self.classes = classes
  }

  /// Reads a source; everything but the path may be left out, and a key that is not known is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(otherThan: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      path: try values.decode(String.self, forKey: .path),
      format: try values.decodeIfPresent(String.self, forKey: .format) ?? "auto",
      split: try values.decodeIfPresent(DatasetSplit.self, forKey: .split),
      root: try values.decodeIfPresent(String.self, forKey: .root),
      classes: try values.decodeIfPresent([String].self, forKey: .classes))
  }

  /// Opens the dataset.
  public func open() throws(DatasetError) -> any Dataset {
    let chosen = try recognised()
    let isList = [DatasetFormat.list.name, DatasetFormat.table.name].contains(chosen.name)
    if let root, !isList {
      throw .setting(name: "root", value: root, needed: "left out, because only lists have one")
    }
    let dataset = try chosen.open(self)
    guard let classes, !isList else { return dataset }
    let subset = try Subset(dataset, classes: classes, path: path)
    guard subset.count > 0 else { throw .noImages(path: path) }
    return subset
  }

  /// Opens the part that is named, or else `part`, or else everything where there are no parts.
  public func open(preferring part: DatasetSplit) throws(DatasetError) -> any Dataset {
    guard split == nil else { return try open() }
    var chosen = self
    chosen.split = part
    do throws(DatasetError) { return try chosen.open() } catch .noSplit { return try open() }
  }

  /// Pictures in files of their own, which have no labels: all are of the one class "".
  /// - Throws: `DatasetError.noImages` for none.
  public static func pictures(
    _ paths: [String], remarks: [String] = []
  ) throws(DatasetError) -> any Dataset {
    try FileDataset(classes: [""], files: paths.map { ($0, 0) }, path: "the list", remarks: remarks)
  }

  /// The format that is named, or that the path looks like.
  func recognised() throws(DatasetError) -> DatasetFormat {
    guard format == "auto" else {
      guard let named = DatasetFormat.all.first(where: { $0.name == format }) else {
        throw .unknownFormat(name: format, known: ["auto"] + DatasetFormat.all.map(\.name))
      }
      return named
    }
    guard Folders.kind(of: path) != nil else { throw .file(.notFound(path: path)) }
    guard let found = DatasetFormat.all.first(where: { $0.recognises(path) }) else {
      throw .unrecognised(path: path, reason: nearestReason())
    }
    return found
  }

  /// Why the path is no dataset, by what it comes closest to.
  private func nearestReason() -> String {
    if Folders.kind(of: path) == .folder {
      let names = (try? Folders.contents(of: path)) ?? []
      if names.isEmpty { return "the folder is empty" }
      if names.contains(where: { PictureNames.isPicture($0) }) {
        return "its pictures lie in no folder per class"
      }
      return "none of its folders holds pictures (.jpg, .png, .webp, .tif and others)"
    }
    guard let file = try? MappedFile(path: path) else { return "it cannot be read" }
    return file.withUnsafeBytes { bytes in
      if bytes.isEmpty { return "the file is empty" }
      if bytes.starts(with: [0x1f, 0x8b]) { return "it is compressed by gzip; unpack it first" }
      if PictureNames.isPicture(path) { return "it is one picture" }
      if bytes.prefix(4096).contains(0) { return "the file is neither a zip archive nor text" }
      return "its first line is not 'path label' with a number from 0 as the label"
    }
  }
}
