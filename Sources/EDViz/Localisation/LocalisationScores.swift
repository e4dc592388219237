/// The scores of each picture under each setting, as `pictures.csv` holds them: a line for each picture and setting.
///
/// In memory 96 bytes for each line, and each picture's path once.
public struct LocalisationScores: Sendable {
  /// A number that each line has, or has not.
  public enum Column: String, CaseIterable, Sendable {
    /// Share of the picture inside the mask.
    case maskArea = "mask_area"
    /// Pixels in both mask and object, and in either.
    case intersection, union
    /// IoU of mask and object.
    case maskIoU = "mask_iou"
    /// IoU of the boxes around the mask, all parts of it or the largest, and of the object.
    case boxIoU = "box_iou"
    /// See `boxIoU`.
    case largestBoxIoU = "largest_box_iou"
    /// Average precision of the map's pixels.
    case averagePrecision = "average_precision"
    /// 1 if the map's maximum lies on the object, else 0.
    case pointing
    /// Share of the map's positive sum on the object.
    case energy
    /// Visible parts inside the mask, and all visible parts.
    case partsHit = "parts_hit"
    /// See `partsHit`.
    case partsVisible = "parts_visible"
    /// 1 if the most probable class is the picture's, else 0.
    case correct

    static let positions = Dictionary(uniqueKeysWithValues: zip(allCases, allCases.indices))
  }

  /// The settings, in the order of each picture's lines.
  public let settings: [LocalisationSetting]
  /// The pictures' paths.
  public private(set) var pictures: [String] = []
  /// `[setting * columns + column][picture]`, NaN where there is no number.
  private var values: [[Double]]

  /// The headings of the file.
  static let headings =
    ["picture", "width", "height", "object_area", "model", "input_size", "block", "branch"]
    + Column.allCases.map(\.rawValue)

  /// Reads the lines of a file.
  /// - Throws: `LocalisationError.damagedTable` if they are not those of whole pictures under these settings.
  public init(contentsOf path: String, settings: [LocalisationSetting]) throws {
    self.settings = settings
    let columns = Column.allCases.count
    var last = 0
    var values = [[Double]](repeating: [], count: settings.count * columns)
    var pictures: [String] = []
    var next = 0
    let fields = settings.map(\.fields)
    try CSV.forEachLine(ofFile: path) { line, cells in
      last = line
      guard line > 1 else {
        guard cells == Self.headings else { throw LocalisationError.damagedTable(path: path, line: 1) }
        return
      }
      guard cells.count == Self.headings.count, Array(cells[4..<8]) == fields[next],
        next == 0 || cells[0] == pictures.last
      else { throw LocalisationError.damagedTable(path: path, line: line) }
      if next == 0 { pictures.append(cells[0]) }
      for column in 0..<columns {
        let text = cells[8 + column]
        guard let value = text.isEmpty ? .nan : Double(text) else {
          throw LocalisationError.damagedTable(path: path, line: line)
        }
        values[next * columns + column].append(value)
      }
      next = next + 1 == settings.count ? 0 : next + 1
    }
    // Its last picture has too few lines; an empty file has not even the first.
    guard next == 0, last > 0 else { throw LocalisationError.damagedTable(path: path, line: last + 1) }
    self.values = values
    self.pictures = pictures
  }

  /// The numbers of all pictures under one setting; NaN where a picture has none.
  public func values(_ column: Column, setting: Int) -> [Double] {
    values[setting * Column.allCases.count + (Column.positions[column] ?? 0)]
  }

  /// Pictures from the worst to the best under one setting, as far as they have a number; equal ones in their order.
  public func ranking(by column: Column, setting: Int) -> [Int] {
    let values = values(column, setting: setting)
    return values.indices.filter { !values[$0].isNaN }.sorted { (values[$0], $0) < (values[$1], $1) }
  }

  /// The lines of a picture.
  static func lines(_ path: String, _ scored: LocalisationRun.Scored, _ settings: [LocalisationSetting])
    -> String
  {
    let picture = [CSV.field(path), "\(scored.width)", "\(scored.height)", "\(scored.objectShare)"]
    return zip(settings, scored.scores).map { setting, score in
      let cells = Column.allCases.map { score.text($0) }
      return (picture + setting.fields.map(CSV.field) + cells).joined(separator: ",")
    }.joined(separator: "\n")
  }
}

extension LocalisationScore {
  /// The number of a column as text that gives the same number when it is read; empty if there is none.
  fileprivate func text(_ column: LocalisationScores.Column) -> String {
    func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "" }
    func digit(_ value: Bool?) -> String { value.map { $0 ? "1" : "0" } ?? "" }
    return switch column {
    case .maskArea: text(areaShare)
    case .intersection: text(intersection)
    case .union: text(union)
    case .maskIoU: text(iou)
    case .boxIoU: text(box)
    case .largestBoxIoU: text(largestBox)
    case .averagePrecision: text(averagePrecision)
    case .pointing: digit(pointing)
    case .energy: text(energy)
    case .partsHit: text(partsHit)
    case .partsVisible: text(partsVisible)
    case .correct: digit(isCorrect)
    }
  }
}
