/// The scores of each picture as CSV: a line for each picture and setting, written while the run goes on. The file has
/// its name only when it is finished, and none is made for a run without scores.
public final class LocalisationTable {
  /// Its name in the folder.
  public static let name = "pictures.csv"
  private let folder: ResultFolder
  private let settings: [LocalisationRun.Setting]
  private var file: AtomicFile?

  /// A table in a folder.
  /// - Throws: `FileError.exists`, before anything is computed.
  public init(folder: ResultFolder, settings: [LocalisationRun.Setting]) throws(FileError) {
    try folder.check([Self.name])
    self.folder = folder
    self.settings = settings
  }

  /// Appends a picture.
  /// - Throws: `FileError`.
  public func append(_ path: String, _ scored: LocalisationRun.Scored) throws {
    if file == nil {
      file = try folder.begin(Self.name)
      try write(Self.headings)
    }
    let picture = "\(CSV.field(path)),\(scored.width),\(scored.height),\(scored.objectShare)"
    let trivial = scored.trivial.map { "\($0.mask)" }.joined(separator: ",")
    var lines = ""
    for (setting, score) in zip(settings, scored.scores) {
      let size = setting.inputSize.map(String.init) ?? ""
      let boxes = [score.box, score.largestBox].map { $0.map { "\($0)" } ?? "" }.joined(separator: ",")
      lines += "\(picture),\(size),\(setting.block),\(setting.branch.name),\(score.areaShare),\(score.mask),"
      lines += "\(boxes),\(trivial)\n"
    }
    try write(lines)
  }

  /// Gives the file its name.
  public func finish() throws(FileError) {
    if let file { try folder.keep(file, as: Self.name) }
    file = nil
  }

  private static let headings =
    "picture,width,height,object_area,input_size,block,branch,mask_area,mask_iou,box_iou,largest_box_iou,"
    + TrivialMask.allCases.map { "\($0.rawValue)_iou" }.joined(separator: ",") + "\n"

  private func write(_ text: String) throws {
    guard let file else { return }
    try Array(text.utf8).withUnsafeBytes { try file.write($0) }
  }
}
