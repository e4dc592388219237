/// A kind of dataset: how it is recognised and how it is opened.
public struct DatasetFormat: Sendable {
  /// What recipes call it.
  public let name: String
  /// What it is, for lists.
  public let summary: String
  /// Whether the path looks like one, told from names and first bytes.
  let recognises: @Sendable (_ path: String) -> Bool
  let open: @Sendable (_ source: DatasetSource) throws(DatasetError) -> any Dataset

  /// Every format, in the order in which they are tried.
  public static let all: [DatasetFormat] = [
    .cifarBinary, .cifarPython, .pixelRows, .birds, .zip, .folders, .table, .list,
  ]
}
