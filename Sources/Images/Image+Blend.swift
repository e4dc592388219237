extension Image {
  /// `self * (1 − alpha) + overlay * alpha`, rounded to nearest, halves to even: OpenCV's
  /// `addWeighted(self, 1 − alpha, overlay, alpha, 0)`. `alpha` is 0 to 1, the sizes are equal.
  public func blended(with overlay: Image, alpha: Float) -> Image {
    precondition(width == overlay.width && height == overlay.height, "blended pictures have one size")
    precondition((0...1).contains(alpha), "alpha is 0 to 1")
    let beta = 1 - alpha
    let blended = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { below in
        overlay.pixels.withUnsafeBufferPointer { above in
          for index in 0..<below.count {
            target[index] = UInt8(rounding: Float(below[index]) * beta + Float(above[index]) * alpha)
          }
        }
      }
      filled = pixels.count
    }
    return Image(width: width, height: height, pixels: blended)
  }
}
