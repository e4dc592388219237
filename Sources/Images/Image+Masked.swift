extension Image {
  /// The picture with everything outside of a mask darkened to a share of its brightness, 0 to 1.
  public func darkened(outside mask: Mask, to share: Double) -> Image {
    precondition(mask.width == width && mask.height == height, "mask and picture have one size")
    precondition((0...1).contains(share), "the share is 0 to 1")
    let table = (0...255).map { UInt8((Double($0) * share).rounded()) }
    var result = self
    for index in mask.values.indices where !mask.values[index] {
      for byte in index * 3..<index * 3 + 3 { result.pixels[byte] = table[Int(pixels[byte])] }
    }
    return result
  }

  /// A mask as a picture: white where true, black elsewhere.
  public init(_ mask: Mask) {
    self.init(
      width: mask.width, height: mask.height,
      pixels: mask.values.flatMap { value -> [UInt8] in
        let level: UInt8 = value ? 255 : 0
        return [level, level, level]
      })
  }
}
