import Attention
import EDNets
import Networks
import ONNX
import Tensors

extension Model {
  /// The key under which an ONNX file says what became of batch normalisation: `folded` or `kept`.
  public static let onnxNormalizationKey = "edviz.batch_normalization"

  /// The model for other programs, with outputs `logits` (`features` of a network without a head) and `layerS.J.BRANCH` for each tap, and the same records that a
  /// safetensors file carries.
  /// - Parameter inputSize: rows and columns of all images; nil for any.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`, `ONNXError`.
  public func onnx(
    taps: [Tap] = [], inputSize: Size2D? = nil, normalization: ONNXModel.Normalization = .folded
  ) throws -> ONNXModel {
    var seen: Set<String> = []
    let outputs = try taps.map { tap in
      let block = try network.block(named: tap.block)
      return ONNXModel.Output(name: "\(block.name).\(tap.branch.name)", terms: try network.nodes(of: tap))
    }.filter { seen.insert($0.name).inserted }
    var made = try ONNXModel(
      network.graph, logits: network.logits, end: network.hasHead ? "logits" : "features", outputs: outputs,
      inputSize: inputSize, normalization: normalization)
    made.metadata = try ModelMetadata.entries(
      network: network.description, preprocessing: preprocessing, classes: classes)
    made.metadata[Self.onnxNormalizationKey] = normalization.rawValue
    made.producerVersion = edvizVersion
    return made
  }

  /// The taps that `BLOCK:BRANCH` means, or `BLOCK` for every branch that the block has.
  /// - Throws: `UnknownBlock`, `AttentionError`.
  public func taps(named text: String) throws -> [Tap] {
    let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let block = try network.block(named: words[0])
    guard words.count == 1 else {
      let tap = Tap(block: block.name, branch: try AttentionBranch(named: words[1]))
      _ = try network.nodes(of: tap)
      return [tap]
    }
    return block.branches.map { Tap(block: block.name, branch: .branch($0)) }
  }
}
