import Checkpoints
import EDNets
import Files
import Glibc
import Networks
import Tensors
import Testing

@testable import Training

/// What a run begins with.
@Suite struct StartTests {
  private func network(_ path: (any AddedPath)?, classes: Int) throws -> Network {
    var description = SmallRun.network
    description.path = path
    description.classes = classes
    let network = try Network(description)
    for parameter in network.parameters { parameter.value = Tensor(repeating: 0.5, shape: parameter.shape) }
    return network
  }

  /// Table IX of the paper: known parts learn slowly, a fresh ED path and head at the full rate.
  @Test func whatFitsIsLoadedAndLearnsSlowly() throws {
    let folder = try TemporaryFolder()
    let source = try network(nil, classes: 5)
    try Checkpoint(
      source.parameters.map { ("module." + $0.name, $0.value) } + [("module.extra", Tensor([1], shape: [1]))]
    )
    .write(to: folder.path + "/w.safetensors")
    var recipe = SmallRun.recipe()
    recipe.initFrom = folder.path + "/w.safetensors"
    recipe.optimizer.decayNorms = false
    recipe.optimizer.weightDecay = 0.25
    let target = try network(EncoderDecoder(groups: 2), classes: 3)
    let report = try #require(
      try recipe.start(target.parameters) { parameters, _ in
        for parameter in parameters { parameter.value = Tensor(repeating: 2, shape: parameter.shape) }
      })
    #expect(report.loaded.contains("conv1.weight") && report.loaded.contains("bn1.running_mean"))
    #expect(
      Set(report.initialized.map { $0.split(separator: ".").dropFirst(2).first ?? "" })
        == ["encoder", "decoder", ""])
    #expect(Set(report.unused) == ["fc.weight", "fc.bias", "extra"])
    for parameter in target.parameters {
      #expect(parameter.value[0] == (report.loaded.contains(parameter.name) ? 0.5 : 2), "\(parameter.name)")
    }
    #expect(report.summary.contains("12 initialised (layer1.layer1_block_0.encoder"), "\(report.summary)")
    #expect(report.summary.contains("3 of the file's not used (") && !report.isWhole)
    #expect(
      report.summary.contains(
        "\(report.loaded.count) of the network's \(target.parameters.count) tensors loaded"))

    let groups = recipe.groups(target.parameters, loaded: Set(report.loaded))
    let table = groups.map { "\($0.name) \($0.rateFactor) \($0.weightDecay)" }
    #expect(
      Set(table) == [
        "loaded 0.1 0.25", "loaded, not decayed 0.1 0.0", "new 1.0 0.25", "new, not decayed 1.0 0.0",
      ])
    #expect(
      groups.flatMap(\.parameters).map(\.name).sorted()
        == target.parameters.filter(\.isLearnt).map(\.name).sorted())
    for group in groups {
      #expect(group.parameters.allSatisfy { $0.isWeight == (group.weightDecay > 0) })
    }
  }

  /// Weights of which nothing fits are a mistake, not a beginning.
  @Test func weightsThatFitNowhereAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/w.safetensors"
    for tensors in [
      [("model.conv1.weight", Tensor(repeating: 1, shape: [4, 3, 3, 3]))],
      [("conv1.weight", Tensor(repeating: 1, shape: [5, 3, 3, 3]))],
    ] {
      try Checkpoint(tensors).write(to: path)
      var recipe = SmallRun.recipe()
      recipe.initFrom = path
      let network = try network(nil, classes: 3)
      let error = #expect(throws: TrainingError.self) { try recipe.start(network.parameters) { _, _ in } }
      #expect(error?.description.contains("none of its 1 tensors ('") == true, "\(error?.description ?? "")")
    }
  }

  @Test func everythingIsDecayedUnlessTold() throws {
    let groups = SmallRun.recipe().groups(try network(nil, classes: 3).parameters, loaded: [])
    #expect(groups.map(\.name) == ["new"] && groups[0].weightDecay == 1e-4)
  }

  /// σ(b) = 1 / C: what a network that knows nothing should say of each class.
  @Test func sigmoidsBeginRare() throws {
    var recipe = SmallRun.recipe()
    recipe.loss = .sigmoid
    let network = try network(nil, classes: 5)
    _ = try recipe.start(network.parameters) { _, _ in }
    let bias = try #require(network.parameters.first { $0.role == .bias })
    #expect(bias.value.elements == [Float](repeating: -log(4), count: 5))
    #expect(network.parameters.first { $0.name == "bn1.bias" }?.value[0] == 0.5)
  }

  @Test func weightsThatAreNotNumbersAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/w.safetensors"
    try Checkpoint([("conv1.weight", Tensor(repeating: .nan, shape: [4, 3, 3, 3]))]).write(to: path)
    var recipe = SmallRun.recipe()
    recipe.initFrom = path
    let network = try network(nil, classes: 3)
    #expect(throws: ModelError.self) { try recipe.start(network.parameters) { _, _ in } }
  }
}
