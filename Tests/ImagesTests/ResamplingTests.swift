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

  @Test func shortSideTruncatesTheLongOne() {
    let wide = Image(width: 500, height: 333, filledWith: .white)
    #expect(wide.resized(shortSide: 256).width == 384)  // 384.38
    #expect(wide.resized(shortSide: 256).height == 256)
    let tall = Image(width: 7, height: 11, filledWith: .white)
    #expect(tall.resized(shortSide: 5).height == 7)  // 7.86
    #expect(tall.resized(shortSide: 5).width == 5)
    #expect(wide.resized(shortSide: 333) == wide)
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
