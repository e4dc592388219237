import Files

/// A mask as someone drew it in a picture file.
public struct DecodedMask: Hashable, Sendable {
  /// What tells the object.
  public enum Source: Hashable, Sendable {
    /// Pixels brighter than half.
    case brightness
    /// Pixels more opaque than half: the file has an alpha channel that is so in one place and not in another.
    case alpha
  }

  /// The mask, upright.
  public let mask: Mask
  /// What told it.
  public let source: Source
}

extension ImageDecoder {
  /// Reads a mask. Where its alpha channel parts the picture, alpha is the mask, as of a picture whose background was
  /// taken away; else its brightness is, whatever the colours are composited over.
  /// - Throws: `FileError`, and `ImageError`, also for a file that ends early or is transparent everywhere.
  public func decodeMask(contentsOf path: String) throws -> DecodedMask {
    try FileBytes.read(path).withUnsafeBytes { try decodeMask($0, file: path) }
  }

  /// Decodes the mask in the bytes of a file that errors call `file`.
  public func decodeMask(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImageError) -> DecodedMask {
    guard ImageFormat(firstBytes: bytes) == .png else {
      let image = try decode(bytes, file: file).whole(file: file)
      return DecodedMask(mask: Mask(brightPixelsOf: image), source: .brightness)
    }
    let (size, samples, _) = try rows(ofPNG: bytes, channels: 4, file: file)
    let pixels = size.width * size.height
    let opaque = (0..<pixels).count { samples[$0 * 4 + 3] > 127 }
    guard opaque > 0 else { throw .transparentMask(file: file) }
    let isAlpha = opaque < pixels
    let levels = [UInt8](unsafeUninitializedCapacity: pixels * 3) { levels, filled in
      for pixel in 0..<pixels {
        for channel in 0..<3 { levels[pixel * 3 + channel] = samples[pixel * 4 + (isAlpha ? 3 : channel)] }
      }
      filled = pixels * 3
    }
    let image = Image(width: size.width, height: size.height, pixels: levels)
    return DecodedMask(
      mask: Mask(brightPixelsOf: image.turned(upright: Orientation(png: bytes))),
      source: isAlpha ? .alpha : .brightness)
  }
}
