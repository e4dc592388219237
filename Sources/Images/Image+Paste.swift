extension Image {
  /// Puts a picture down pixel for pixel with its top left corner at (x, y); what does not fit is cut off.
  public mutating func paste(_ image: Image, x: Int, y: Int) {
    let width = width
    let columns = max(0, x)..<max(0, x, min(width, x + image.width))
    guard !columns.isEmpty else { return }
    for row in max(0, y)..<max(0, y, min(height, y + image.height)) {
      let from = ((row - y) * image.width + columns.lowerBound - x) * 3
      let to = (row * width + columns.lowerBound) * 3
      pixels.replaceSubrange(to..<to + columns.count * 3, with: image.pixels[from..<from + columns.count * 3])
    }
  }
}
