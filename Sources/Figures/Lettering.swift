import CCairo
import Images

/// Lines of text as small pictures, black on white, in the system's sans-serif face, by cairo.
enum Lettering {
  /// cairo's own limit is 32,767 pixels a side; no line of text needs as much.
  private static let widest = 8192

  /// Width that a line takes at a size in pixels.
  static func width(of text: String, size: Double) -> Double {
    let sheet = Sheet(width: 1, height: 1, size: size)
    var extents = cairo_text_extents_t()
    cairo_text_extents(sheet.context, text, &extents)
    return max(extents.x_advance, extents.width)
  }

  /// The line as a picture that is as wide as the text and half as high again as its size; its baseline lies one size
  /// below the top.
  static func picture(of text: String, size: Double) -> Image {
    let width = min(max(1, Int(self.width(of: text, size: size).rounded(.up))), widest)
    let height = max(1, Int((size * 1.5).rounded(.up)))
    let sheet = Sheet(width: width, height: height, size: size)
    cairo_set_source_rgb(sheet.context, 0.1, 0.1, 0.1)
    cairo_move_to(sheet.context, 0, size)
    cairo_show_text(sheet.context, text)
    return sheet.picture()
  }
}

/// A white cairo surface.
private final class Sheet {
  let context: OpaquePointer
  private let surface: OpaquePointer
  private let width: Int
  private let height: Int

  init(width: Int, height: Int, size: Double) {
    self.width = width
    self.height = height
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    context = cairo_create(surface)
    cairo_set_source_rgb(context, 1, 1, 1)
    cairo_paint(context)
    cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, size)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  func picture() -> Image {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else {
      preconditionFailure("cairo has no memory for \(width) × \(height) pixels")
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
