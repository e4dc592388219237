import Testing

@testable import Images

/// Damaged files give a picture or an error that names them; run with `--sanitize=address` to see that they
/// do nothing else.
@Suite struct DamageTests {
  /// Decodes and judges; true if there was a picture.
  @discardableResult
  private func survives(_ bytes: [UInt8], _ name: String) -> Bool {
    do throws(ImageError) {
      let limits = ImageLimits(maximumPixels: 20_000_000, maximumScans: 50)
      let image = try ImageDecoder(limits: limits).decode(bytes, file: name).image
      #expect(image.pixels.count == image.width * image.height * 3)
      return true
    } catch {
      #expect(error.description.hasPrefix(name + ": "))
      return false
    }
  }

  @Test func invalidPngSuiteIsRefused() {
    let files = Fixtures.pictures(in: Fixtures.path("pngsuite-invalid"))
    #expect(files.count == 8)
    for path in files { #expect(!survives(Fixtures.bytes(at: path), path), "\(path)") }
  }

  @Test(.enabled(if: Fixtures.data("images/jpeg-crash") != nil, "EDVIZ_DATA has no images/jpeg-crash/"))
  func crashFilesAreSurvivedInUnderASecond() throws {
    let files = Fixtures.pictures(in: try #require(Fixtures.data("images/jpeg-crash")))
    #expect(files.count == 57)
    for path in files {
      let bytes = Fixtures.bytes(at: path)
      let time = ContinuousClock().measure { survives(bytes, path) }
      #expect(time < .seconds(1), "\(path)")
    }
  }

  @Test(arguments: [
    "jpeg/baseline.jpg", "jpeg/progressive.jpg", "jpeg/cmyk.jpg", "pngsuite/basi6a08.png",
    "pngsuite/tbbn3p08.png",
  ])
  func survivesEveryTruncation(_ name: String) {
    let bytes = Fixtures.bytes(name)
    var pictures = 0
    for length in 0..<bytes.count {
      if survives(Array(bytes[..<length]), "cut") { pictures += 1 }
    }
    #expect(pictures < bytes.count)
  }

  @Test(arguments: [
    "jpeg/baseline.jpg", "jpeg/progressive.jpg", "jpeg/grey.jpg", "jpeg/cmyk.jpg", "jpeg/restarts.jpg",
    "pngsuite/basi6a08.png", "pngsuite/basn3p04.png", "pngsuite/tbbn3p08.png", "pngsuite/basn0g16.png",
  ])
  func survivesMutations(_ name: String) {
    let bytes = Fixtures.bytes(name)
    let random = noise(200 * 12, seed: 11).map(Int.init)
    for round in 0..<200 {
      var mutated = bytes
      let draw = random[round * 12..<round * 12 + 12]
      let at = draw.startIndex
      for change in 0..<1 + draw[at] % 4 {
        // Half of the changes hit the headers, where they do most.
        let span = draw[at + 1] % 2 == 0 ? min(200, mutated.count) : mutated.count
        let position = (draw[at + 2 + change] * 256 + draw[at + 6 + change]) % span
        switch draw[at + 10] % 4 {
        case 0: mutated[position] = UInt8(draw[at + 11])
        case 1: mutated[position] ^= 1 << UInt8(draw[at + 11] % 8)
        case 2: mutated.insert(UInt8(draw[at + 11]), at: position)
        default: mutated.remove(at: position)
        }
      }
      survives(mutated, "mutated")
      if name.hasSuffix(".png") { survives(withSoundChecksums(mutated), "mutated") }
    }
  }

  /// The same PNG chunks with checksums that fit, so that damage passes them and reaches the decoder.
  private func withSoundChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 8 + length
      guard end + 4 <= bytes.count else { break }
      let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      let chunk = pngChunk(type, Array(bytes[position + 8..<end]))
      if chunk.count == length + 12 { result.replaceSubrange(position..<end + 4, with: chunk) }
      position = end + 4
    }
    return result
  }
}
