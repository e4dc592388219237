extension Image {
  /// `self * (1 − alpha) + overlay * alpha`, rounded to nearest, halves to even: OpenCV's
  /// `addWeighted(self, 1 − alpha, overlay, alpha, 0)`. `alpha` is 0 to 1, the sizes are equal.
  public func blended(with overlay: Image, alpha: Double) -> Image {
    precondition(width == overlay.width && height == overlay.height, "blended pictures have one size")
    precondition((0...1).contains(alpha), "alpha is 0 to 1")
    let below = Double(Float(1 - alpha))
    let above = Float(alpha)
    let blended = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { base in
        overlay.pixels.withUnsafeBufferPointer { cover in
          for index in 0..<base.count {
            // The products and their sum are exact in double precision, so that one rounding to float
            // remains: a fused multiply-add, which is how OpenCV gets its ties.
            let product = Double(Float(cover[index]) * above)
            target[index] = UInt8(rounding: Float(Double(base[index]) * below + product))
          }
        }
      }
      filled = pixels.count
    }
    return Image(width: width, height: height, pixels: blended)
  }
}
