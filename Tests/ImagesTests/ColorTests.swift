import Testing

@testable import Images

@Suite struct ColorTests {
  @Test(arguments: Reference.list("colormaps.txt"))
  func mapsAreThePublishedOnes(_ reference: Reference) throws {
    let map = try ColorMap.named(reference.name)
    #expect(reference.matches(Image(width: 1, height: 256, pixels: map.table)))
  }

  @Test func divergingMapIsSymmetricAndWhiteAtZero() {
    let map = ColorMap.blueWhiteRed
    for level in 0...255 as ClosedRange<UInt8> {
      let (here, there) = (map[level], map[255 - level])
      #expect(here == Color(red: there.blue, green: there.green, blue: there.red))
    }
    #expect(map[0] == Color(red: 0, green: 0, blue: 255))
    #expect(map[127] == .white && map[128] == .white)
    #expect(map[255] == .red)
  }

  @Test func wrongNamesListTheRightOnes() {
    #expect(throws: ImageError.unknownColorMap(name: "hot", known: ColorMap.all.map(\.name))) {
      try ColorMap.named("hot")
    }
    #expect(ColorMap.all.allSatisfy { $0.table.count == 768 })
    #expect((try? ColorMap.named("Turbo")) == .turbo)
  }

  @Test func normalizesConstantAndNonFiniteMaps() {
    func map(_ values: Float...) -> FloatMap { FloatMap(width: values.count, height: 1, values: values) }
    #expect(map(2, 4, 3).normalized().values == [0, 1, 0.5])
    #expect(map(-1, 3).normalized(to: 0...2).values == [0, 1])
    #expect(map(5, 5).normalized().values == [0, 0])
    #expect(map(.nan, 1, 3, .infinity, -.infinity).normalized().values == [0, 0, 1, 1, 0])
    #expect(map(.nan, .infinity).range == 0...0)
    #expect(map(-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude).normalized().values == [0, 0.5, 1])
    #expect(map(-3, 1, .nan).symmetricRange == -3...3)
    #expect(map(0, 0.5, 1).quantized() == [0, 128, 255])
    #expect(map(.nan).colored(with: .gray).pixels == [0, 0, 0])
  }

  @Test(arguments: Reference.list("blend.txt"))
  func blendsAsOpenCV(_ reference: Reference) throws {
    // Every pair of levels.
    let levels = (0...255).map { UInt8($0) }
    let below = (0..<256).flatMap { _ in levels.flatMap { [$0, $0, $0] } }
    let above = levels.flatMap { [UInt8](repeating: $0, count: 768) }
    let image = Image(width: 256, height: 256, pixels: below)
    let overlay = Image(width: 256, height: 256, pixels: above)
    #expect(reference.matches(image.blended(with: overlay, alpha: try #require(Double(reference.name)))))
  }
}
