import CCairo
import Images

/// A white sheet that pictures, lines and text are put on, by cairo.
///
/// Coordinates are pixels from the top left; text is in the system's sans-serif face.
final class Canvas {
  enum Alignment {
    case left, center, right
  }

  let width: Int
  let height: Int
  private let surface: OpaquePointer
  private let context: OpaquePointer

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    context = cairo_create(surface)
    cairo_set_source_rgb(context, 1, 1, 1)
    cairo_paint(context)
    cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Puts a picture down pixel for pixel.
  func draw(_ image: Image, x: Int, y: Int) {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else { return }
    let stride = Int(cairo_image_surface_get_stride(surface))
    let (columns, rows) = (min(image.width, width - x), min(image.height, height - y))
    guard columns > 0, rows > 0 else { return }
    image.pixels.withUnsafeBufferPointer { pixels in
      for row in 0..<rows {
        let line = UnsafeMutableRawPointer(data + (y + row) * stride).assumingMemoryBound(to: UInt32.self) + x
        var from = row * image.width * 3
        for column in 0..<columns {
          line[column] =
            UInt32(pixels[from]) << 16 | UInt32(pixels[from + 1]) << 8 | UInt32(pixels[from + 2])
          from += 3
        }
      }
    }
    cairo_surface_mark_dirty(surface)
  }

  /// Width and height that a line of text takes.
  func extent(of text: String, size: Double) -> (width: Double, height: Double) {
    var extents = cairo_text_extents_t()
    cairo_set_font_size(context, size)
    cairo_text_extents(context, text, &extents)
    return (max(extents.x_advance, extents.width), size)
  }

  /// Writes a line of text whose baseline is at `y`.
  func write(_ text: String, x: Double, y: Double, size: Double, alignment: Alignment = .left) {
    let width = extent(of: text, size: size).width
    let start =
      switch alignment {
      case .left: x
      case .center: x - width / 2
      case .right: x - width
      }
    cairo_set_source_rgb(context, 0.1, 0.1, 0.1)
    cairo_move_to(context, start, y)
    cairo_show_text(context, text)
  }

  /// Draws a straight grey line.
  func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), width: Double) {
    cairo_set_source_rgb(context, 0.3, 0.3, 0.3)
    cairo_set_line_width(context, width)
    cairo_move_to(context, start.x, start.y)
    cairo_line_to(context, end.x, end.y)
    cairo_stroke(context)
  }

  /// The sheet as a picture.
  func image() -> Image {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else {
      preconditionFailure("cairo has no memory for a sheet of \(width) × \(height)")
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, filled in
      for row in 0..<height {
        let line = UnsafeRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
        for column in 0..<width {
          let value = line[column]
          target[filled] = UInt8(truncatingIfNeeded: value >> 16)
          target[filled + 1] = UInt8(truncatingIfNeeded: value >> 8)
          target[filled + 2] = UInt8(truncatingIfNeeded: value)
          filled += 3
        }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
