/// One way to make masks: what a row of a table of scores stands for.
public struct LocalisationSetting: Codable, Hashable, Sendable {
  /// What the model is called in this run; nil for a mask that needs no network.
  public let model: String?
  /// What pictures are brought to; nil where they go in as they are.
  public let inputSize: Int?
  /// The block, under torchvision's name.
  public let block: String?
  /// The branch, or the trivial mask.
  public let name: String

  /// What a network makes of a block's branch.
  public init(model: String, inputSize: Int?, block: String, branch: AttentionBranch) {
    self.model = model
    self.inputSize = inputSize
    self.block = block
    name = branch.name
  }

  /// A mask that needs no network.
  public init(_ mask: TrivialMask) {
    (model, inputSize, block) = (nil, nil, nil)
    name = mask.rawValue
  }

  /// Whether no network is needed.
  public var isTrivial: Bool { model == nil }

  /// What it is called in tables and legends.
  public var title: String { TrivialMask(rawValue: name).flatMap { isTrivial ? $0.title : nil } ?? name }

  /// The four fields that name it in CSV files.
  var fields: [String] { [model ?? "", inputSize.map(String.init) ?? "", block ?? "", name] }
}
