import Images
import Tensors
import Testing

@testable import Datasets

@Suite struct CutMixTests {
  @Test func rectanglesComeFromTheImageBefore() {
    let (count, height, width) = (3, 2, 4)
    var images = Tensor(
      (0..<count * height * width * 3).map { Float($0 / (height * width * 3)) }, shape: [3, 2, 4, 3])
    var targets = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3])
    let box = Box(x0: 1, y0: 0, x1: 4, y1: 1)
    CutMix.mix(&images, &targets, box)
    for image in 0..<count {
      for pixel in 0..<height * width {
        let (x, y) = (pixel % width, pixel / width)
        let isMixed = x >= box.x0 && y < box.y1
        let expected = Float(isMixed ? (image + 2) % 3 : image)
        for channel in 0..<3 { #expect(images[(image * height * width + pixel) * 3 + channel] == expected) }
      }
    }
    // 3 of 8 pixels.
    #expect(targets.elements == [0.625, 0, 0.375, 0.375, 0.625, 0, 0, 0.375, 0.625])
  }

  @Test func aSingleImageStaysAsItIs() {
    var images = Tensor(repeating: 2, shape: [1, 2, 2, 3])
    var targets = Tensor([0, 1], shape: [1, 2])
    CutMix.mix(&images, &targets, Box(x0: 0, y0: 0, x1: 1, y1: 1))
    #expect(targets.elements == [0, 1])
  }

  /// torchvision's box has sides s = √(1 - λ) of the picture's around an even centre and is cut off at the edges, which
  /// leaves s - s²/4 of each side in the mean; λ is even, and so is s².
  @Test func boxesHaveTheirShareAndArea() {
    let cutMix = CutMix(share: 0.4)
    var boxes: [Box] = []
    for index in 0..<4000 {
      var generator = SeededGenerator(seed: 1, place: UInt64(index))
      if let box = cutMix.box(width: 640, height: 480, using: &generator) { boxes.append(box) }
    }
    // Five standard deviations, √(4000 · 0.4 · 0.6) each.
    #expect((1445...1755).contains(boxes.count))
    #expect(boxes.allSatisfy { $0.x0 >= 0 && $0.y0 >= 0 && $0.x1 <= 640 && $0.y1 <= 480 })
    let area = boxes.reduce(0.0) { $0 + Double($1.width * $1.height) / (640 * 480) } / Double(boxes.count)
    // The mean of s² - s³/2 + s⁴/16.
    #expect(abs(area - (0.5 - 0.2 + 1 / 48.0)) < 0.025)
  }
}
