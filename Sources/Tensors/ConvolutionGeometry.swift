/// Window, step and padding of a convolution or a pooling, with PyTorch's meaning of each word.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Size of the window.
  public var kernel: Size2D
  /// Step between windows.
  public var stride: Size2D
  /// Rows added above and columns added on the left.
  public var padding: Size2D
  /// Rows added below and columns added on the right.
  public var endPadding: Size2D
  /// Distance between the window's taps; 1 is an ordinary convolution.
  public var dilation: Size2D
  /// Groups that input and output channels are split into.
  public var groups: Int

  /// A square window. Padding is the same on all sides unless that at the end is given.
  public init(
    kernel: Int, stride: Int = 1, padding: Int = 0, endPadding: Int? = nil, dilation: Int = 1, groups: Int = 1
  ) {
    self.init(
      kernel: Size2D(kernel), stride: Size2D(stride), padding: Size2D(padding),
      endPadding: endPadding.map { Size2D($0) }, dilation: Size2D(dilation), groups: groups)
  }

  /// A window with its own numbers for rows and columns.
  public init(
    kernel: Size2D, stride: Size2D = Size2D(1), padding: Size2D = Size2D(0), endPadding: Size2D? = nil,
    dilation: Size2D = Size2D(1), groups: Int = 1
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.endPadding = endPadding ?? padding
    self.dilation = dilation
    self.groups = groups
  }

  /// Size of the map that a convolution makes of a map of `size`; below 1 if the window does not fit.
  public func outputSize(of size: Size2D) -> Size2D {
    func output(_ n: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int) -> Int {
      let room = n + p - d * (k - 1) - 1
      return room < 0 ? 0 : room / s + 1
    }
    let padding = allPadding
    return Size2D(
      height: output(size.height, kernel.height, stride.height, padding.height, dilation.height),
      width: output(size.width, kernel.width, stride.width, padding.width, dilation.width))
  }

  /// Size of the map that a transposed convolution makes of a map of `size` without output padding.
  public func transposedOutputSize(of size: Size2D) -> Size2D {
    func output(_ n: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int) -> Int {
      (n - 1) * s - p + d * (k - 1) + 1
    }
    let padding = allPadding
    return Size2D(
      height: output(size.height, kernel.height, stride.height, padding.height, dilation.height),
      width: output(size.width, kernel.width, stride.width, padding.width, dilation.width))
  }

  /// Rows and columns added at both ends.
  private var allPadding: Size2D {
    Size2D(height: padding.height + endPadding.height, width: padding.width + endPadding.width)
  }
}
