import Images

/// Lines of text as small pictures, nearly black on white, in the system's sans-serif face.
enum Lettering {
  /// cairo's own limit is 32,767 pixels a side; no line of text needs as much.
  private static let widest = 8192.0

  private static func style(_ size: Double) -> TextStyle {
    TextStyle(family: "sans-serif", size: size, color: Color(red: 26, green: 26, blue: 26))
  }

  /// Width that a line takes at a size in pixels.
  static func width(of text: String, size: Double) -> Double { style(size).width(of: text) }

  /// The line as a picture that is as wide as the text and half as high again as its size; its baseline lies one size
  /// below the top.
  static func picture(of text: String, size: Double) -> Image {
    let width = min(max(1, self.width(of: text, size: size).rounded(.up)), widest)
    var canvas = Canvas(width: width, height: max(1, (size * 1.5).rounded(.up)), background: .white)
    canvas.text(text, at: Place(x: 0, y: size), style(size))
    do {
      return try canvas.image()
    } catch {
      preconditionFailure("a line of text of bounded size: \(error)")
    }
  }
}
