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
