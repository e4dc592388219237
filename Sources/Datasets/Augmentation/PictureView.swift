import Images

/// The part of a picture that steps of augmentation leave, in shares of the picture's sides: what is known of places in the
/// picture follows it.
public struct PictureView: Hashable, Sendable {
  /// Where the left and right edge lie, from 0 to 1 over the picture's width; beyond them where something was added around
  /// it. The left edge is right of the right one when both were exchanged.
  public private(set) var left = 0.0, right = 1.0
  /// Where the upper and lower edge lie, over its height.
  public private(set) var top = 0.0, bottom = 1.0

  /// The whole picture.
  public init() {}

  /// A part of what is left, of `width` × `height` pixels.
  mutating func crop(_ box: Box, width: Int, height: Int) {
    let (x, y) = (left, top)
    let (w, h) = ((right - left) / Double(width), (bottom - top) / Double(height))
    (left, right) = (x + Double(box.x0) * w, x + Double(box.x1) * w)
    (top, bottom) = (y + Double(box.y0) * h, y + Double(box.y1) * h)
  }

  /// Left and right exchanged.
  mutating func mirror() { swap(&left, &right) }
}
