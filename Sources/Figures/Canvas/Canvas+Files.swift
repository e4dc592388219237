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

  /// Writes the file whole or not at all; the format is that of the extension: .png, .jpg, .jpeg, .svg or .pdf.
  /// - Parameter scale: pixels to a point, for PNG and JPEG.
  /// - Throws: `FigureError`, `ImageError.notEncodable`, `FileError.unwritable`.
  public func write(to path: String, scale: Double = 2, title: String = "") throws {
    let name = path.lowercased()
    if name.hasSuffix(".svg") {
      try AtomicFile.write(svg(title: title).utf8, to: path)
    } else if name.hasSuffix(".pdf") {
      try AtomicFile.write(pdf(), to: path)
    } else if [".png", ".jpg", ".jpeg"].contains(where: name.hasSuffix) {
      try image(scale: scale).write(to: path)
    } else {
      throw FigureError.unknownExtension(file: path)
    }
  }
}
