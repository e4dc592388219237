import Testing

@testable import Images

@Suite struct ResamplingTests {
  /// Width and height of the source stand before each result.
  @Test(arguments: Reference.list("resize.txt"))
  func resizesAsPillowBitForBit(_ reference: Reference) throws {
    let size = reference.name.split(separator: " ").compactMap { Int($0) }
    let (width, height) = (size[0], size[1])
    let source = Image(width: width, height: height, pixels: noise(width * height * 3, seed: 7))
    #expect(reference.matches(source.resized(width: reference.width, height: reference.height)))
  }

  @Test(arguments: [("resize-bicubic.txt", Interpolation.bicubic), ("resize-lanczos.txt", .lanczos)])
  func otherFiltersArePillowsBitForBit(list: String, filter: Interpolation) {
    let references = Reference.list(list)
    #expect(references.count == 44)
    for reference in references {
      let size = reference.name.split(separator: " ").compactMap { Int($0) }
      let source = Image(
        width: size[0], height: size[1], pixels: noise(size[0] * size[1] * 3, seed: 7))
      let resized = source.resized(width: reference.width, height: reference.height, by: filter)
      #expect(reference.matches(resized), "\(reference.name) to \(reference.width) \(reference.height)")
    }
  }

  /// `Resize(232)` and `CenterCrop(224)`, and what part of the picture that shows.
  @Test func cropsFollowAnyResize() {
    let source = Image(width: 300, height: 200, pixels: noise(300 * 200 * 3, seed: 8))
    let fit = PictureFit(size: 56, kind: .crop, resize: 58, interpolation: .bicubic)
    #expect(
      fit.fitted(source)
        == source.resized(shortSide: 58, by: .bicubic).centerCropped(width: 56, height: 56))
    // 87 × 58, of which 56 from (16, 1): half of 31 rounds to even.
    #expect(fit.region(of: source) == Box(x0: 55, y0: 3, x1: 248, y1: 197))
    let same = PictureFit(size: 56, kind: .crop, resize: 64)
    #expect(same.fitted(source) == PictureFit(size: 56, kind: .crop).fitted(source))
  }

  @Test func colorsAreWrittenInTheirOrder() throws {
    let image = Image(width: 1, height: 1, pixels: [51, 102, 255])
    func written(_ order: ColorOrder) throws -> [Float] {
      let normalization = try ColorNormalization(
        mean: [0, 0.2, 0.5], standardDeviation: [1, 0.5, 0.25], order: order)
      var numbers = [Float](repeating: 0, count: 3)
      numbers.withUnsafeMutableBufferPointer { normalization.write(image, to: $0) }
      return numbers
    }
    let rgb: [Float] = [0.2, (0.4 - 0.2) / 0.5, (1 - 0.5) / 0.25]
    for (found, wanted) in zip(try written(.rgb), rgb) { #expect(abs(found - wanted) < 1e-6) }
    #expect(try written(.bgr) == written(.rgb).reversed())
    // 0.299 · 51 + 0.587 · 102 + 0.114 · 255 = 104.2.
    let grey: Float = 104.0 / 255
    for (found, wanted) in zip(try written(.grey), [grey, (grey - 0.2) / 0.5, (grey - 0.5) / 0.25]) {
      #expect(abs(found - wanted) < 1e-6)
    }
  }

  @Test func shortSideTruncatesTheLongOne() {
    let wide = Image(width: 500, height: 333, filledWith: .white)
    #expect(wide.resized(shortSide: 256).width == 384)  // 384.38
    #expect(wide.resized(shortSide: 256).height == 256)
    let tall = Image(width: 7, height: 11, filledWith: .white)
    #expect(tall.resized(shortSide: 5).height == 7)  // 7.86
    #expect(tall.resized(shortSide: 5).width == 5)
    #expect(wide.resized(shortSide: 333) == wide)
  }

  /// A part of a resized picture is what is cut out of the whole, whichever side is resampled first, larger or smaller,
  /// also where the part reaches outside.
  @Test(arguments: [
    (37, 20, 12, 30), (20, 37, 30, 12), (9, 50, 9, 7), (50, 9, 7, 9), (31, 17, 90, 71), (5, 5, 5, 5),
  ])
  func partsAreThoseOfTheWhole(width: Int, height: Int, newWidth: Int, newHeight: Int) {
    let source = Image(width: width, height: height, pixels: noise(width * height * 3, seed: 3))
    let whole = source.resized(width: newWidth, height: newHeight)
    for part in [
      Box(x0: 0, y0: 0, x1: newWidth, y1: newHeight), Box(x0: 2, y0: 1, x1: newWidth - 1, y1: newHeight - 3),
      Box(x0: newWidth / 2, y0: newHeight / 2, x1: newWidth / 2 + 1, y1: newHeight / 2 + 1),
      Box(x0: -3, y0: 2, x1: newWidth + 1, y1: newHeight + 4),
      Box(x0: newWidth, y0: 0, x1: newWidth + 2, y1: 2),
    ] {
      #expect(source.resized(width: newWidth, height: newHeight, showing: part) == whole.cropped(to: part))
    }
  }

  @Test(arguments: [(300, 200), (200, 300), (64, 64), (41, 170)])
  func fitsAreTorchvisions(width: Int, height: Int) {
    let source = Image(width: width, height: height, pixels: noise(width * height * 3, seed: 8))
    for side in [7, 32, 56, 100] {
      let crop = PictureFit(size: side, kind: .crop)
      #expect(
        crop.fitted(source)
          == source.resized(shortSide: side * 256 / 224).centerCropped(width: side, height: side))
      #expect(PictureFit(size: side, kind: .short).fitted(source) == source.resized(shortSide: side))
      for kind in PictureFit.Kind.allCases {
        let fit = PictureFit(size: side, kind: kind)
        let (fitted, size) = (fit.fitted(source), fit.fittedSize(width: width, height: height))
        #expect(fitted.width == size.width && fitted.height == size.height)
      }
    }
  }

  /// What would be 12 GB if it were resized before it is cut.
  @Test(arguments: [(1, 60_000), (60_000, 1), (3, 40_000)])
  func longPicturesAreBounded(width: Int, height: Int) {
    let strip = Image(width: width, height: height, pixels: noise(width * height * 3, seed: 6))
    let fit = PictureFit(size: 224, kind: .crop)
    let cropped = fit.fitted(strip)
    #expect(cropped.width == 224 && cropped.height == 224)
    let region = fit.region(of: strip)
    #expect(region.area > 0 && region.intersection(Box(x0: 0, y0: 0, x1: width, y1: height)) == region)
    // The middle of the strip, which is less than a few of its pixels long, is smooth.
    let (middle, x) = (cropped.pixels[(112 * 224 + 112) * 3], width == 1 ? 0 : strip.width / 2)
    let y = height == 1 ? 0 : strip.height / 2
    let near = (-1...1).flatMap { step -> [UInt8] in
      let (x, y) = width > height ? (x + step, y) : (x, y + step)
      return (0..<min(width, height)).map { cross in
        strip.pixels[((width > height ? cross : y) * width + (width > height ? x : cross)) * 3]
      }
    }
    #expect(middle >= near.min() ?? 255 && middle <= near.max() ?? 0)
    let short = PictureFit(size: 16, kind: .short).fitted(strip)
    #expect(max(short.width, short.height) == 128 && min(short.width, short.height) == 16)
  }

  @Test func centerCropRoundsToEvenAndPads() {
    let ramp = Image(width: 9, height: 1, pixels: (0..<9).flatMap { [UInt8](repeating: $0, count: 3) })
    func columns(_ width: Int) -> [UInt8] {
      let image = ramp.centerCropped(width: width, height: 1)
      return stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }
    }
    #expect(columns(9) == Array(0...8))
    #expect(columns(6) == Array(2...7))  // edge at 1.5 rounds to 2
    #expect(columns(4) == Array(2...5))  // edge at 2.5 rounds to 2
    #expect(columns(12) == [0] + Array(0...8) + [0, 0])
    #expect(ramp.centerCropped(width: 3, height: 4).pixels.count == 36)
  }

  @Test func floatMapsResizeAsOpenCV() {
    let sizes = [
      (7, 7, 64, 48), (7, 5, 13, 31), (23, 37, 5, 11), (14, 14, 29, 27), (1, 3, 4, 2), (20, 9, 7, 18),
    ]
    let reference = Fixtures.bytes("float-resize.f32").withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
    }
    var position = 0
    var worst: Float = 0
    for (width, height, newWidth, newHeight) in sizes {
      let values = noise(width * height, seed: 3).map { Float($0) / 16 - 5 }
      let map = FloatMap(width: width, height: height, values: values)
      for value in map.resized(width: newWidth, height: newHeight).values {
        worst = max(worst, abs(value - reference[position]))
        position += 1
      }
    }
    #expect(position == reference.count)
    #expect(worst < 1e-5)
  }

  @Test func masksResizeToNearest() {
    let mask = Mask(width: 4, height: 1, values: [true, false, false, true])
    let wide: [Bool] = [true, true, false, false, false, false, true, true]
    #expect(mask.resized(width: 8, height: 2).values == wide + wide)
    #expect(mask.resized(width: 2, height: 1).values == [false, true])
  }
}
