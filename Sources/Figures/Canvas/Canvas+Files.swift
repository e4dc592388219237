import Files
import Images

extension Canvas {
  /// The drawing as pixels, `scale` to a point.
  /// - Throws: `FigureError.tooLarge` over 32,767 pixels a side, `FigureError.cairo`.
  public func image(scale: Double = 1) throws(FigureError) -> Image {
    try CairoSheet.image(of: self, scale: scale)
  }

  /// The drawing as a PDF file of one page. The same drawing gives the same bytes on one machine.
  public func pdf() throws(FigureError) -> [UInt8] { try CairoSheet.pdf(of: self) }

  /// The drawing as an SVG file that needs no other file. Texts remain texts, fixed to the widths they have here, so
  /// that they fit with other fonts too. The same drawing gives the same bytes.
  /// - Parameter title: what a screen reader says.
  public func svg(title: String = "") throws -> String { try SVGWriter(self, title: title).document }

  /// The drawing as a file.
  /// - Parameters:
  ///   - format: png, jpg, jpeg, svg or pdf.
  ///   - scale: pixels to a point, for PNG and JPEG.
  /// - Returns: nil for another format.
  /// - Throws: `FigureError`, `ImageError.notEncodable`.
  private func bytes(as format: String, scale: Double, title: String) throws -> [UInt8]? {
    switch format {
    case "svg": Array(try svg(title: title).utf8)
    case "pdf": try pdf()
    case "png": try image(scale: scale).encodedPNG()
    case "jpg", "jpeg": try image(scale: scale).encodedJPEG()
    default: nil
    }
  }

  /// The drawing as a file whose extension is that of `name`: .png, .jpg, .jpeg, .svg or .pdf.
  /// - Parameter scale: pixels to a point, for PNG and JPEG.
  /// - Throws: `FigureError`, `ImageError.notEncodable`.
  public func encoded(for name: String, scale: Double = 2, title: String = "") throws -> [UInt8] {
    let format = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
    guard let bytes = try bytes(as: format, scale: scale, title: title) else {
      throw FigureError.unknownExtension(file: name)
    }
    return bytes
  }

  /// Writes the file whole or not at all, as `encoded(for:)` makes it.
  /// - Throws: also `FileError.unwritable`.
  public func write(to path: String, scale: Double = 2, title: String = "") throws {
    try AtomicFile.write(encoded(for: path, scale: scale, title: title), to: path)
  }
}
