/// What the names of picture files end in, in lower case and without the dot.
public enum PictureNames {
  /// Those of the formats that are read.
  public static let read: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "webp", "tif", "tiff", "gif", "bmp", "dib", "pbm", "pgm", "ppm",
    "pnm",
  ]
  /// Those, and those of formats that are not read: such a file in a folder is named rather than passed over.
  public static let all = read.union([
    "arw", "avif", "cr2", "cr3", "dng", "exr", "hdr", "heic", "heif", "ico", "j2k", "jp2", "jxl", "nef",
    "orf",
    "pcx", "psd", "raf", "rw2", "svg", "tga",
  ])

  /// Whether a file is called like a picture.
  public static func isPicture(_ name: some StringProtocol) -> Bool {
    guard let dot = name.unicodeScalars.lastIndex(of: ".") else { return false }
    return all.contains(name[name.index(after: dot)...].lowercased())
  }
}
