import Testing

@testable import Checkpoints

/// Files in which other things stand beside the weights, written by Reference/make_company.py.
@Suite struct CompanyTests {
  @Test(arguments: ["company.pth", "company-protocol4.pth", "company-legacy.pth"])
  func weightsAreFoundInAnyCompany(name: String) throws {
    let checkpoint = try Checkpoint(contentsOf: Fixtures.path(name))
    #expect(checkpoint.map(\.name) == ["fc.weight", "fc.bias"])
    let weight = try #require(try checkpoint["fc.weight"]?.tensor())
    #expect(weight.shape == [2, 3] && weight.elements == [0, 1, 2, 3, 4, 5])
  }

  /// A dictionary of another class, a parameter with an attribute, and tensors whose elements repeat.
  @Test func otherClassesOfDictionariesAndTensorsAreRead() throws {
    let checkpoint = try Checkpoint(contentsOf: Fixtures.path("other-classes.pth"))
    #expect(checkpoint.map(\.name) == ["fc.weight", "fc.bias", "attributed", "expanded", "rows"])
    func elements(_ name: String) throws -> [Float] { try #require(try checkpoint[name]?.tensor().elements) }
    #expect(try elements("attributed") == [3, 4])
    #expect(try elements("expanded") == [Float](repeating: 2.5, count: 12))
    #expect(try elements("rows") == [1, 2, 1, 2, 1, 2])
  }

  /// A module that holds no weights, such as a loss, is not a network that was saved whole.
  @Test(arguments: [
    ("torch.nn.modules.loss", "CrossEntropyLoss", false), ("torch.nn.modules.activation", "ReLU", false),
    ("torch.nn.modules.loss", "CrossEntropyLoss", true),
  ])
  func modulesWithoutWeightsAreNamed(module: String, name: String, hasTensor: Bool) {
    let start = PickleBytes([0x80, 2]).global(module, name).op(")").raw([0x81]).op("}")
    let parts = start.text("_modules").op("}").op("s").text("weight")
    let value = hasTensor ? parts.tensor(count: 2, shape: [2], strides: [1]) : parts.op("N")
    let file = PickleBytes.legacy(
      value.op("s").op("b").op(".").bytes, elements: hasTensor ? [1, 2] : nil)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(bytes: file, path: "loss.pth") }
    #expect(error?.description == "loss.pth: holds a module (\(module).\(name)) and no weights")
  }

  @Test(
    arguments: [
      (
        "quantised.pth",
        "its tensor q is of a kind that edviz does not read: quantised (torch._utils._rebuild_qtensor)"
      ),
      (
        "sparse.pth",
        "its tensor s is of a kind that edviz does not read: torch._utils._rebuild_sparse_tensor"
      ),
      (
        "module.pth",
        "holds a whole module (torch.nn.modules.container.Sequential), which only its own code can make again; save "
          + "model.state_dict()"
      ),
      (
        "module-within.pth",
        "holds a whole module (torch.nn.modules.container.Sequential), which only its own code can make again; save "
          + "model.state_dict()"
      ),
    ])
  func whatIsNotReadIsNamed(name: String, sentence: String) {
    let path = Fixtures.path(name)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: path) }
    #expect(error?.description == "\(path): \(sentence)")
  }
}
