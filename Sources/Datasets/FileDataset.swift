import Files
import Images

/// Pictures in files of their own, decoded when they are asked for.
struct FileDataset: Dataset {
  let classes: [String]
  /// The path and label of each picture.
  private let files: [(path: String, label: Int)]
  let remarks: [String]

  init(
    classes: [String], files: [(path: String, label: Int)], path: String, remarks: [String] = []
  ) throws(DatasetError) {
    guard !files.isEmpty else { throw .noImages(path: path) }
    self.classes = classes
    self.files = files
    self.remarks = remarks
  }

  var count: Int { files.count }
  func label(at position: Int) -> Int { files[position].label }
  /// No picture's file is larger.
  static let maximumSize = 256 << 20

  func image(at position: Int) throws -> Image {
    let path = files[position].path
    // A device may have no end.
    guard Folders.kind(of: path) != .other else {
      throw FileError.unreadable(path: path, reason: "not a regular file")
    }
    return try ImageDecoder().decode(try FileBytes.read(path, limit: Self.maximumSize), file: path)
      .whole(file: path)
  }
  func name(at position: Int) -> String { files[position].path }
}
