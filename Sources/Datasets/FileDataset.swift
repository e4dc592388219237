import Files
import Images

/// Pictures in files of their own, decoded when they are asked for.
struct FileDataset: Dataset {
  let classes: [String]
  /// The path and label of each picture.
  private let files: [(path: String, label: Int)]

  init(classes: [String], files: [(path: String, label: Int)], path: String) throws(DatasetError) {
    guard !files.isEmpty else { throw .noImages(path: path) }
    self.classes = classes
    self.files = files
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
    return try CompletePicture.decode(try FileBytes.read(path, limit: Self.maximumSize), file: path)
  }
  func name(at position: Int) -> String { files[position].path }

  /// What the names of pictures end in, in lower case.
  static let extensions: Set<String> = ["jpg", "jpeg", "png"]

  static func isPicture(_ name: some StringProtocol) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return extensions.contains(name[name.index(after: dot)...].lowercased())
  }
}
