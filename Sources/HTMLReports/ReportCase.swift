/// A picture with its values.
public struct ReportCase: Sendable {
  /// What is shown of a case.
  public struct Pictures: Sendable {
    /// In a row of a table.
    public var thumbnail: Thumbnail
    /// In a gallery, each with what it is.
    public var large: [(label: String, picture: Thumbnail)]

    /// Pictures of one case.
    public init(thumbnail: Thumbnail, large: [(label: String, picture: Thumbnail)]) {
      self.thumbnail = thumbnail
      self.large = large
    }
  }

  /// What it is called.
  public var name: String
  /// Its pictures, if there is room for them.
  public var pictures: Pictures?
  /// Its values with their names.
  public var values: [(name: String, value: String)]

  /// A case.
  public init(_ name: String, pictures: Pictures?, values: [(name: String, value: String)]) {
    self.name = name
    self.pictures = pictures
    self.values = values
  }

  var context: [String: Any] {
    [
      "caption": name,
      "pictures": (pictures?.large ?? []).map { ["source": $0.picture.source, "label": $0.label] },
      "values": values.map { ["name": $0.name, "value": $0.value] },
    ]
  }
}
