import Testing

@testable import Images

@Suite struct DrawingTests {
  private func mask(_ rows: [String]) -> Mask {
    Mask(width: rows[0].count, height: rows.count, values: rows.joined().map { $0 == "#" })
  }

  @Test func outlineIsTheInnerEdge() {
    let shape = mask(["........", ".######.", ".######.", ".######.", ".####...", "........"])
    let edge = mask(["........", ".######.", ".#....#.", ".#..###.", ".####...", "........"])
    #expect(shape.outline(thickness: 1) == edge)
    #expect(shape.outline(thickness: 2) == shape)
    let full = mask(["####", "####", "####"])
    #expect(full.outline(thickness: 1) == mask(["####", "#..#", "####"]))
  }

  @Test func outlineEqualsItsDefinition() {
    let width = 31
    let height = 17
    let values = noise(width * height, seed: 5).map { $0 > 20 }
    let mask = Mask(width: width, height: height, values: values)
    for thickness in 1...3 {
      let expected = (0..<width * height).map { index in
        let (x, y) = (index % width, index / width)
        let whole = (y - thickness...y + thickness).allSatisfy { v in
          (x - thickness...x + thickness).allSatisfy { u in
            u >= 0 && v >= 0 && u < width && v < height && values[v * width + u]
          }
        }
        return values[index] && !whole
      }
      #expect(mask.outline(thickness: thickness).values == expected)
    }
  }

  @Test func boxesAreClipped() {
    func drawn(_ box: Box) -> [String] {
      var image = Image(width: 5, height: 4, filledWith: .black)
      image.drawBox(box, color: .white, thickness: 1)
      return (0..<4).map { y in String((0..<5).map { image.pixels[(y * 5 + $0) * 3] == 255 ? "#" : "." }) }
    }
    #expect(drawn(Box(x0: 1, y0: 0, x1: 4, y1: 3)) == [".###.", ".#.#.", ".###.", "....."])
    #expect(drawn(Box(x0: -2, y0: 1, x1: 3, y1: 9)) == [".....", "###..", "..#..", "..#.."])
    #expect(drawn(Box(x0: 7, y0: 0, x1: 9, y1: 3)) == [".....", ".....", ".....", "....."])
    #expect(drawn(Box(x0: 3, y0: 2, x1: 1, y1: 0)) == [".....", ".....", ".....", "....."])
  }

  @Test func pastingCutsOffWhatDoesNotFit() {
    func pasted(_ x: Int, _ y: Int) -> [UInt8] {
      var sheet = Image(width: 3, height: 2, filledWith: .black)
      sheet.paste(Image(width: 2, height: 2, pixels: (1...12).map(UInt8.init)), x: x, y: y)
      return stride(from: 0, to: 18, by: 3).map { sheet.pixels[$0] }
    }
    #expect(pasted(0, 0) == [1, 4, 0, 7, 10, 0])
    #expect(pasted(2, 1) == [0, 0, 0, 0, 0, 1])
    #expect(pasted(-1, -1) == [10, 0, 0, 0, 0, 0])
    for (x, y) in [(3, 0), (-2, 0), (0, 2), (0, -2), (9, 9)] {
      #expect(pasted(x, y) == [0, 0, 0, 0, 0, 0])
    }
  }

  @Test func thicknessFollowsTheSize() {
    #expect(Image(width: 32, height: 32, filledWith: .black).lineThickness == 1)
    #expect(Image(width: 640, height: 480, filledWith: .black).lineThickness == 3)
  }
}
