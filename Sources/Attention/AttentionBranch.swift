import EDNets

/// What a heatmap shows of a block: one of its branches, or a sum of two that the block itself never forms.
public enum AttentionBranch: Hashable, Sendable {
  /// A value that the block computes.
  case branch(Branch)
  /// x + F(x): the block without its ED path, before ReLU.
  case inputAndTransform
  /// x + ED(x).
  case inputAndDecoder
  /// F(x) + ED(x).
  case transformAndDecoder

  /// Every branch, plain ones first.
  public static let all: [AttentionBranch] =
    Branch.allCases.map(AttentionBranch.branch) + [
      .inputAndTransform, .inputAndDecoder, .transformAndDecoder,
    ]

  /// The name on the command line and in files: `decoder`, `x+F`.
  public var name: String {
    switch self {
    case .branch(let branch): branch.rawValue
    case .inputAndTransform: "x+F"
    case .inputAndDecoder: "x+ED"
    case .transformAndDecoder: "F+ED"
    }
  }

  /// The name in the paper's notation, for titles.
  public var title: String {
    switch self {
    case .branch(.input): "x"
    case .branch(.shortcut): "shortcut"
    case .branch(.transform): "F(x)"
    case .branch(.encoder): "E(x)"
    case .branch(.decoder): "ED(x)"
    case .branch(.sum): "F(x)+x+ED(x)"
    case .branch(.output): "output"
    case .inputAndTransform: "x+F(x)"
    case .inputAndDecoder: "x+ED(x)"
    case .transformAndDecoder: "F(x)+ED(x)"
    }
  }

  /// The branches it is the sum of. In a sum x is the shortcut's result, which has the sum's size.
  public var terms: [Branch] {
    switch self {
    case .branch(let branch): [branch]
    case .inputAndTransform: [.shortcut, .transform]
    case .inputAndDecoder: [.shortcut, .decoder]
    case .transformAndDecoder: [.transform, .decoder]
    }
  }

  /// The branch called `name`, in any case of letters; `x`, `F` and `ED` are understood too.
  public init(named name: String) throws(AttentionError) {
    let shorthand = ["x": "input", "f": "transform", "ed": "decoder"]
    let asked = shorthand[name.lowercased()] ?? name.lowercased()
    guard let found = Self.all.first(where: { $0.name.lowercased() == asked }) else {
      throw .unknownBranch(name: name, known: Self.all.map(\.name))
    }
    self = found
  }
}
