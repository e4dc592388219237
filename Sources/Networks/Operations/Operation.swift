import Tensors

/// What a node computes from the values of its inputs. A new one is a file: shapes, values and the way back.
///
/// Planners know a few by name, because they fuse: convolutions, batch normalisation, ReLU and sums.
public protocol Operation: Sendable {
  /// What is learnt or gathered, in PyTorch's order; none by default.
  var parameters: [Parameter] { get }

  /// Where one value of the result looks in the first input; at its own place in all inputs by default.
  var window: ReceptiveWindow { get }

  /// Inputs behind these lend no more than their size, and get no gradient; nil, the default, if there are none.
  var readInputs: Int? { get }

  /// The shape of the result for inputs of these shapes.
  func shape(of inputs: [[Int]]) -> [Int]

  /// Multiply-accumulates for inputs and a result of these shapes; 0 by default.
  func multiplyAccumulates(inputs: [[Int]], output: [Int]) -> Int

  /// Whether no value of the result can be below 0, given whether that is known of each input; false by default.
  func isRectified(_ inputs: [Bool]) -> Bool

  /// The result in evaluation.
  func value(of inputs: [Tensor], on backend: any ConvolutionBackend) throws(EngineError) -> Tensor

  /// The result in training, and the way back, which keeps no more than it needs.
  func recorded(_ inputs: consuming [Tensor], _ pass: RecordedPass) throws(EngineError) -> Recorded
}

extension Operation {
  /// What is learnt or gathered.
  public var parameters: [Parameter] { [] }

  /// Where one value of the result looks.
  public var window: ReceptiveWindow { .point }

  /// Inputs behind these lend no more than their size.
  public var readInputs: Int? { nil }

  /// Multiply-accumulates.
  public func multiplyAccumulates(inputs: [[Int]], output: [Int]) -> Int { 0 }

  /// Whether no value of the result can be below 0.
  public func isRectified(_ inputs: [Bool]) -> Bool { false }
}

/// Where one value of a result looks.
public enum ReceptiveWindow: Hashable, Sendable {
  /// At its own place.
  case point
  /// Under a window.
  case window(ConvolutionGeometry)
  /// At what a window of a transposed convolution takes to its place.
  case transposed(ConvolutionGeometry)
  /// Everywhere.
  case whole
}

/// How a pass that is remembered is made.
public struct RecordedPass {
  /// Whether gradients of parameters are wanted.
  public let learns: Bool
  /// What batch normalisation divides by.
  public let statistics: Tape.Statistics
  /// Whether the way back is gone once, so that what is remembered may be written over.
  public let isOnce: Bool
  /// What convolves.
  public let backend: any ConvolutionBackend
}

/// A result and its way back.
public struct Recorded {
  /// Makes the gradients of the inputs, nil where none is wanted, of those that readers of the result contribute, one or
  /// more, to be summed; and adds those of the parameters.
  public typealias WayBack = (
    _ contributions: consuming [Tensor], _ isWanted: [Bool], _ gradients: ParameterGradients?
  ) throws(EngineError) -> [Tensor?]

  /// The result.
  public let output: Tensor
  /// The way back.
  public let wayBack: WayBack

  /// A result and its way back.
  public init(_ output: Tensor, wayBack: @escaping WayBack) {
    self.output = output
    self.wayBack = wayBack
  }
}
