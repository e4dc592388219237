import Foundation
import Images
import Tensors
import Testing

@testable import Datasets

/// Steps against torchvision.
@Suite struct AugmentationTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      let step: String
      let value: Double
      let pixels: [UInt8]
    }
    struct Crops: Decodable {
      let width, height, draws: Int
      let mean, deviation: [String: Double]
    }
    let width, height: Int
    let input: [UInt8]
    let cases: [Case]
    let crops: [Crops]

    static func read() throws -> Reference {
      try JSONDecoder().decode(Reference.self, from: Data(Fixtures.bytes("augmentation.json")))
    }
  }

  private static func generator(_ place: UInt64 = 0) -> SeededGenerator {
    SeededGenerator(seed: 5, place: place)
  }

  @Test func coloursAreTorchvisions() throws {
    let reference = try Reference.read()
    let image = Image(width: reference.width, height: reference.height, pixels: reference.input)
    for item in reference.cases {
      let result =
        switch item.step {
        case "brightness": image.brightened(by: Float(item.value))
        case "contrast": image.contrasted(by: Float(item.value))
        case "saturation": image.saturated(by: Float(item.value))
        case "hue": image.hueTurned(by: item.value)
        default: image.mirrored
        }
      #expect(result.pixels == item.pixels, "\(item.step) \(item.value)")
    }
  }

  /// Means of many boxes lie within 5 standard errors of torchvision's (both are samples).
  @Test func cropsAreDistributedAsTorchvisions() throws {
    let crop = RandomResizedCrop(size: 8)
    for reference in try Reference.read().crops {
      let draws = 4000
      var sums: [String: Double] = [:]
      var generator = Self.generator()
      for _ in 0..<draws {
        let box = crop.box(width: reference.width, height: reference.height, using: &generator)
        #expect(box.x0 >= 0 && box.y0 >= 0 && box.x1 <= reference.width && box.y1 <= reference.height)
        let isWhole = box.width * box.height == reference.width * reference.height
        let values: [String: Int] = [
          "x": box.x0, "y": box.y0, "w": box.width, "h": box.height, "area": box.width * box.height,
          "whole": isWhole ? 1 : 0,
        ]
        for (key, value) in values { sums[key, default: 0] += Double(value) }
      }
      for (key, mean) in reference.mean {
        let error =
          (reference.deviation[key] ?? 0) * (1 / Double(draws) + 1 / Double(reference.draws)).squareRoot()
        let found = (sums[key] ?? 0) / Double(draws)
        #expect(abs(found - mean) <= 5 * error + 1e-9, "\(key) of \(reference.width) × \(reference.height)")
      }
    }
  }

  @Test func cropsFallBackToTheMiddle() {
    let aspect = [0.75, 4 / 3.0]
    // torchvision: w = width, h = round(width / 0.75); h = height, w = round(height · 4/3).
    #expect(
      RandomResizedCrop.middle(width: 20, height: 200, aspect: aspect) == Box(x0: 0, y0: 86, x1: 20, y1: 113))
    #expect(
      RandomResizedCrop.middle(width: 300, height: 40, aspect: aspect) == Box(x0: 123, y0: 0, x1: 176, y1: 40)
    )
    #expect(RandomResizedCrop.middle(width: 5, height: 5, aspect: aspect) == Box(x0: 0, y0: 0, x1: 5, y1: 5))
    #expect(RandomResizedCrop.middle(width: 1000, height: 1, aspect: [0.75, 0.8]).width == 1)
  }

  @Test func aCropIsResizedAsAWhole() {
    let image = Image(width: 13, height: 9, pixels: noise(13 * 9 * 3, seed: 2))
    let crop = RandomResizedCrop(size: 6)
    for place in 0..<20 {
      var (a, b) = (Self.generator(UInt64(place)), Self.generator(UInt64(place)))
      let box = crop.box(width: 13, height: 9, using: &a)
      #expect(
        Augmentation([.randomResizedCrop(crop)]).applied(to: image, using: &b)
          == image.cropped(to: box).resized(width: 6, height: 6))
    }
  }

  @Test func paddingIsBlackAndEveryPlaceComes() {
    let image = Image(width: 3, height: 2, filledWith: .white)
    var places = Set<[Int]>()
    var generator = Self.generator()
    for _ in 0..<400 {
      let result = Augmentation([.padAndCrop(PadAndCrop(padding: 1))]).applied(to: image, using: &generator)
      #expect(result.width == 3 && result.height == 2)
      let white = (0..<6).filter { result.pixels[$0 * 3] == 255 }
      #expect(result.pixels.allSatisfy { $0 == 0 || $0 == 255 })
      places.insert(white)
    }
    #expect(places.count == 9)
    // A crop larger than everything has the picture in its middle.
    let large = Augmentation([.padAndCrop(PadAndCrop(padding: 1, size: 9))]).applied(
      to: image, using: &generator)
    #expect((0..<81).filter { large.pixels[$0 * 3] == 255 } == [30, 31, 32, 39, 40, 41])
  }

  @Test func flipsHaveTheirProbability() {
    let image = Image(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
    for (probability, range) in [(0.0, 0...0), (1.0, 1000...1000), (0.3, 240...360)] {
      var generator = Self.generator()
      let flips = (0..<1000).count { _ in
        Augmentation([.horizontalFlip(HorizontalFlip(probability: probability))]).applied(
          to: image, using: &generator
        ).pixels == [
          4, 5, 6, 1, 2, 3,
        ]
      }
      #expect(range.contains(flips))
    }
  }

  @Test func jitterOfNoStrengthChangesNothing() {
    let image = Image(width: 5, height: 4, pixels: noise(60, seed: 3))
    var generator = Self.generator()
    #expect(ColorJitter().applied(to: image, using: &generator) == image)
    let jitter = ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1)
    let results = Set(
      (0..<50).map { place in
        var generator = Self.generator(UInt64(place))
        return jitter.applied(to: image, using: &generator)
      })
    #expect(results.count == 50)
    // Factors stay within 1 ± 0.5: a level of 100 within 50 and 150.
    let level = Image(width: 1, height: 1, pixels: [100, 100, 100])
    let levels = (0..<300).map { place -> UInt8 in
      var generator = Self.generator(UInt64(place))
      return ColorJitter(brightness: 0.5).applied(to: level, using: &generator).pixels[0]
    }
    #expect((50...55).contains(levels.min() ?? 0) && (145...150).contains(levels.max() ?? 0))
  }

  @Test func fixedSteps() {
    let image = Image(width: 20, height: 10, pixels: noise(600, seed: 4))
    let steps = Augmentation([.resizeShortSide(size: 8), .centerCrop(size: 6)])
    var generator = Self.generator()
    #expect(
      steps.applied(to: image, using: &generator)
        == image.resized(shortSide: 8).centerCropped(width: 6, height: 6))
    #expect(Augmentation([.resizeSquare(size: 7)]).applied(to: image, using: &generator).width == 7)
  }

  /// A picture that is very long asks for no more than its result: 256 pixels for its short side would be 12 GB.
  @Test func longPicturesAreBounded() {
    let strip = Image(width: 1, height: 60_000, pixels: noise(180_000, seed: 5))
    var generator = Self.generator()
    let cropped = Augmentation([.resizeShortSide(size: 256), .centerCrop(size: 224)])
      .applied(to: strip, using: &generator)
    #expect(cropped == PictureFit(size: 224, kind: .crop).fitted(strip))
    let squeezed = Augmentation([.resizeShortSide(size: 16), .horizontalFlip(HorizontalFlip())])
      .applied(to: strip, using: &generator)
    #expect(squeezed.width == 16 && squeezed.height == 128)
  }

  @Test func normalizationIsOnTheUnitScale() throws {
    let normalization = try ColorNormalization(mean: [0.1, 0.2, 0.3], standardDeviation: [0.5, 0.25, 2])
    let image = Image(width: 2, height: 1, pixels: [0, 51, 255, 255, 0, 102])
    var tensor = Tensor(repeating: 0, shape: [6])
    tensor.withUnsafeMutableElements { normalization.write(image, to: $0) }
    let expected: [Float] = [
      (0 - 0.1) / 0.5, (0.2 - 0.2) / 0.25, (1 - 0.3) / 2, (1 - 0.1) / 0.5, (0 - 0.2) / 0.25, (0.4 - 0.3) / 2,
    ]
    for (a, b) in zip(tensor.elements, expected) { #expect(abs(a - b) < 1e-6) }
    for (mean, deviation) in [
      ([0], [1, 1, 1]), ([0, 0, 0], [1, 0, 1]), ([0, 0, 0], [1, -1, 1]), ([0, .nan, 0], [1, 1, 1]),
    ] as [([Float], [Float])] {
      #expect(throws: ImageError.self) {
        try ColorNormalization(mean: mean, standardDeviation: deviation)
      }
    }
  }

  /// Uniform for α = 1; for others the mean is 1/2 and the variance 1 / (4 (2α + 1)).
  @Test func betaHasItsMoments() {
    for alpha in [0.3, 1, 2.5] {
      var generator = Self.generator(UInt64(alpha * 10))
      let draws = (0..<20_000).map { _ in generator.beta(alpha) }
      let mean = draws.reduce(0, +) / 20_000
      let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
      // Five standard errors of the mean; the variance's relative error is below 2 %.
      #expect(abs(mean - 0.5) < 5 * (variance / 20_000).squareRoot())
      #expect(abs(variance * 4 * (2 * alpha + 1) - 1) < 0.05)
    }
  }
}
