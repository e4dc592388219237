@testable import EDNets
@testable import Files
@testable import Tensors
@testable import Training

extension FuzzTarget {
  static let recipe = FuzzTarget(
    "recipe",
    seeds: ["Examples/Recipes/*.yaml", "Examples/DefaultModel/recipe.yaml", "Tests/Fuzzing/Seeds/recipe/*"],
    words: Words.yaml + Words.recipe
  ) { bytes in
    let recipe = try Recipe(yaml: String(decoding: bytes, as: UTF8.self), path: "/folder/input.yaml")
    let text = try recipe.yaml()
    do {
      let again = try Recipe(yaml: text, path: "/folder/again.yaml").yaml()
      precondition(again == text, "a recipe that is written is read as the same one")
    } catch { preconditionFailure("a recipe that was written cannot be read: \(error)\n\(text)") }
  }

  static let networkYAML = FuzzTarget(
    "network-yaml", seeds: ["Examples/Networks/*.yaml", "Tests/Fuzzing/Seeds/network-yaml/*"],
    words: Words.yaml + Words.network
  ) { try network($0, "network.yaml") }

  static let networkJSON = FuzzTarget(
    "network-json", seeds: ["Examples/DefaultModel/*.json", "Tests/Fuzzing/Seeds/network-json/*"],
    words: Words.json + Words.network
  ) { try network($0, "network.json") }

  /// What `models show` tells of a description, unless it would take long: blocks cost time one by one.
  private static func network(_ bytes: [UInt8], _ name: String) throws {
    let description = try withFile(bytes, name) { try NetworkDescription(contentsOf: $0) }
    guard description.blockCount <= 40 else { return }
    let network = try Network(description)
    let summary = NetworkSummary(network, input: Size2D(64))
    precondition(
      summary.parameters > 0 && summary.blocks.count == description.blockCount, "all blocks are told")
  }

  static let modelName = FuzzTarget(
    "model-name", seeds: ["Tests/Fuzzing/Seeds/model-name/*"],
    words: Words.integers + [
      "cifar-", "se-", "cbam-", "ed-", "twoconv-", "resnet", "resnext", "res2net", "res2next", "-a", "-b",
      "-kept", "-36x3d",
      "-noid", "-notransform", "-g", "-s", "p", "-option-a",
    ], longest: 200
  ) { bytes in
    let description = try ModelRegistry.description(named: String(decoding: bytes, as: UTF8.self))
    try description.validate()
  }
}
