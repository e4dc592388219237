import Networks
import Tensors

/// A network as an ONNX model (opset 17): input `input`, [batch, 3, height, width], outputs `logits` and those that are
/// asked for, in PyTorch's order [batch, C, h, w].
///
/// Parameters keep their names. The batch is always of any size.
public struct ONNXModel {
  /// The version of the file format, that of ONNX 1.12.
  public static let formatVersion = 8
  /// The version of the operators, that of ONNX 1.12.
  public static let operatorSet = 17
  /// The name of the images.
  static let inputName = "input"

  /// An output beside the logits: the value of a node, or the sum of several.
  public struct Output {
    /// The name in the file.
    public let name: String
    /// What is summed.
    public let terms: [Graph.NodeID]

    /// The sum of `terms` under a name.
    public init(name: String, terms: [Graph.NodeID]) {
      self.name = name
      self.terms = terms
    }
  }

  /// What happens to batch normalisation.
  public enum Normalization: String, CaseIterable, Sendable {
    /// It goes into the weights of the convolution before it; its shift becomes that convolution's bias, under the name of
    /// the normalisation's bias.
    case folded
    /// It stays a layer of its own, with the parameters that were learnt.
    case kept
  }

  /// Text that travels with the model, such as class names.
  public var metadata: [String: String] = [:]
  /// The version of edviz that made the file.
  public var producerVersion = ""

  let graph: ONNXGraphProto
  let initializers: [ONNXInitializer]

  /// Translates a graph whose first node is its input of three channels.
  /// - Parameters:
  ///   - end: what the output of the node `logits` is called.
  ///   - inputSize: rows and columns of all images; nil for any. A transposed convolution then makes a row and column
  ///     more than may be needed, which a `Slice` takes off again.
  /// - Throws: `ONNXError.imagesTooSmall`, `ONNXError.nameTaken`.
  public init(
    _ network: Graph, logits: Graph.NodeID, end: String = "logits", outputs: [Output] = [],
    inputSize: Size2D? = nil,
    normalization: Normalization = .folded
  ) throws(ONNXError) {
    var translation = try Translation(
      network, outputs: [Output(name: end, terms: [logits])] + outputs, inputSize: inputSize,
      folds: normalization == .folded)
    graph = try translation.translated()
    initializers = translation.builder.initializers
  }
}
