import CCairo
import Images

/// A cairo surface on which marks are drawn: the only file that names cairo.
///
/// cairo keeps the first thing that went wrong and does nothing from then on, so it is asked once, at the end.
final class CairoSheet {
  private static let longestSide = 32767

  private let surface: OpaquePointer
  private let context: OpaquePointer

  /// Takes over the surface.
  private init(_ surface: OpaquePointer) {
    self.surface = surface
    context = cairo_create(surface)
    // Letters stand where the outlines say at every scale, so that a layout in points holds for all formats.
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// The border between cairo's errors and Swift's.
  private static func check(_ status: cairo_status_t) throws(FigureError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw .cairo(reason: String(cString: cairo_status_to_string(status)))
  }

  // MARK: Results

  /// Pixels of a drawing.
  static func image(of canvas: Canvas, scale: Double) throws(FigureError) -> Image {
    let width = Int(clamping: (canvas.width * scale).rounded())
    let height = Int(clamping: (canvas.height * scale).rounded())
    guard (1...longestSide).contains(width), (1...longestSide).contains(height) else {
      throw .tooLarge(width: width, height: height)
    }
    let sheet = CairoSheet(cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)))
    sheet.fill(with: canvas.background)
    cairo_scale(sheet.context, scale, scale)
    sheet.draw(canvas.marks)
    try check(cairo_status(sheet.context))
    return try sheet.pixels(width: width, height: height)
  }

  /// A PDF file of a drawing. Its date is a fixed one.
  static func pdf(of canvas: Canvas) throws(FigureError) -> [UInt8] {
    let sink = ByteSink()
    let surface = cairo_pdf_surface_create_for_stream(
      { sink, bytes, count in
        guard let sink else { return CAIRO_STATUS_WRITE_ERROR }
        let target = Unmanaged<ByteSink>.fromOpaque(sink).takeUnretainedValue()
        target.bytes += UnsafeBufferPointer(start: bytes, count: Int(count))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(sink).toOpaque(), canvas.width, canvas.height)
    guard let surface else { throw .cairo(reason: "no PDF surface") }
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
    let sheet = CairoSheet(surface)
    sheet.fill(with: canvas.background)
    sheet.draw(canvas.marks)
    try check(cairo_status(sheet.context))
    cairo_surface_finish(surface)
    try check(cairo_surface_status(surface))
    return withExtendedLifetime(sink) { sink.bytes }
  }

  /// Width of a line of text in points. A failure gives 0; the drawing that follows will say why.
  static func width(of text: String, _ style: TextStyle) -> Double {
    let sheet = CairoSheet(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1))
    sheet.select(style)
    var extents = cairo_text_extents_t()
    cairo_text_extents(sheet.context, text, &extents)
    // A box stands for a letter that the face lacks; another face may need as much as the size for it.
    let boxes = Double(sheet.missingLetters(in: text)) * style.size * 0.4
    return max(extents.x_advance, extents.x_bearing + extents.width) + boxes
  }

  /// Whether the face has all letters of a text.
  static func hasLetters(of text: String, _ style: TextStyle) -> Bool {
    let sheet = CairoSheet(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1))
    sheet.select(style)
    return sheet.missingLetters(in: text) == 0
  }

  /// Glyph 0 of a face is its box.
  private func missingLetters(in text: String) -> Int {
    var glyphs: UnsafeMutablePointer<cairo_glyph_t>?
    var count: Int32 = 0
    let font = cairo_get_scaled_font(context)
    let status = cairo_scaled_font_text_to_glyphs(font, 0, 0, text, -1, &glyphs, &count, nil, nil, nil)
    defer { cairo_glyph_free(glyphs) }
    guard status == CAIRO_STATUS_SUCCESS, let glyphs else { return 0 }
    return UnsafeBufferPointer(start: glyphs, count: Int(count)).count { $0.index == 0 }
  }

  private func pixels(width: Int, height: Int) throws(FigureError) -> Image {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else { throw .cairo(reason: "no pixels") }
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

  // MARK: Marks

  private func draw(_ marks: [Mark]) {
    for mark in marks {
      cairo_save(context)
      // A text leaves its end behind, where the next line would begin.
      cairo_new_path(context)
      draw(mark)
      cairo_restore(context)
    }
  }

  private func draw(_ mark: Mark) {
    switch mark {
    case .line(let places, let stroke):
      for place in places { cairo_line_to(context, place.x, place.y) }
      set(stroke.color)
      cairo_set_line_width(context, stroke.width)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_line_cap(context, stroke.dashes.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
      cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
      cairo_stroke(context)
    case .rectangle(let area, let color):
      cairo_rectangle(context, area.x, area.y, area.width, area.height)
      set(color)
      cairo_fill(context)
    case .disc(let center, let radius, let color):
      cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
      set(color)
      cairo_fill(context)
    case .text(let text, let place, let style, let anchor, let isUpward):
      select(style)
      set(style.color)
      cairo_translate(context, place.x, place.y)
      if isUpward { cairo_rotate(context, -Double.pi / 2) }
      let width = anchor == .start ? 0 : Self.width(of: text, style)
      cairo_move_to(context, anchor == .start ? 0 : anchor == .middle ? -width / 2 : -width, 0)
      cairo_show_text(context, text)
    case .image(let image, let area, let isSmooth):
      draw(image, in: area, isSmooth: isSmooth)
    case .clip(let area, let marks):
      cairo_rectangle(context, area.x, area.y, area.width, area.height)
      cairo_clip(context)
      draw(marks)
    }
  }

  private func draw(_ image: Image, in area: Area, isSmooth: Bool) {
    let source = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(image.width), Int32(image.height))
    defer { cairo_surface_destroy(source) }
    if let data = cairo_image_surface_get_data(source) {
      let stride = Int(cairo_image_surface_get_stride(source))
      for row in 0..<image.height {
        let line = UnsafeMutableRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
        for column in 0..<image.width {
          let first = (row * image.width + column) * 3
          let (red, green) = (UInt32(image.pixels[first]), UInt32(image.pixels[first + 1]))
          line[column] = red << 16 | green << 8 | UInt32(image.pixels[first + 2])
        }
      }
      cairo_surface_mark_dirty(source)
    }
    cairo_translate(context, area.x, area.y)
    cairo_scale(context, area.width / Double(image.width), area.height / Double(image.height))
    cairo_set_source_surface(context, source, 0, 0)
    let pattern = cairo_get_source(context)
    cairo_pattern_set_filter(pattern, isSmooth ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST)
    // Else the edges of an enlarged picture would fade into nothing.
    cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
    cairo_rectangle(context, 0, 0, Double(image.width), Double(image.height))
    cairo_fill(context)
  }

  private func fill(with color: Color) {
    set(color)
    cairo_paint(context)
  }

  private func set(_ color: Color) {
    cairo_set_source_rgb(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255)
  }

  private func select(_ style: TextStyle) {
    let weight = style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
    cairo_select_font_face(context, style.family, CAIRO_FONT_SLANT_NORMAL, weight)
    cairo_set_font_size(context, style.size)
  }
}

/// Where cairo puts the bytes of a file.
private final class ByteSink {
  var bytes: [UInt8] = []
}

extension Int {
  /// The integer nearest to a number; the largest or least if there is none, 0 for what is no number.
  fileprivate init(clamping value: Double) {
    self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value, -1e15), 1e15))
  }
}
