/// What the names of picture files end in, in lower case and without the dot.
public enum PictureNames {
  /// Those of the formats that are read.
  public static let read: Set<String> = ["jpg", "jpeg", "jpe", "jfif", "png"]
  /// Those, and those of formats that are not read: such a file in a folder is named rather than passed over.
  public static let all = read.union([
    "avif", "bmp", "gif", "heic", "heif", "j2k", "jp2", "jxl", "tif", "tiff", "webp",
  ])

  /// Whether a file is called like a picture.
  public static func isPicture(_ name: some StringProtocol) -> Bool {
    guard let dot = name.unicodeScalars.lastIndex(of: ".") else { return false }
    return all.contains(name[name.index(after: dot)...].lowercased())
  }
}
