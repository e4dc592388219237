import Foundation
import Testing

private let python = Program.python(with: "torch", "torchvision", "timm", "safetensors")

@Suite struct PublicNetworksTests {
  /// Weights travel to torchvision's, timm's and CBAM's networks and back, where EDVIZ_PYTHON names a Python that has
  /// them.
  @Test(
    .enabled(if: python != nil, "EDVIZ_PYTHON names no Python with torch, torchvision, timm and safetensors"))
  func weightsTravelBothWays() throws {
    let script = Program.repository("Tests/EDNetsTests/Reference/check_public_weights.py")
    let names = [
      "resnet18", "se-resnet50", "res2net50", "cbam-resnet50", "eca-resnet26-t", "resnet18-blur",
      "resnet18-channels-1",
    ]
    let outcome = try Program.run(
      path: try #require(python), [script, "--edviz", Program.path] + names)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    print(outcome.output, outcome.errors)
  }

  /// A network is loaded in the ways in which people save it, and computes what it does in PyTorch.
  @Test(
    .enabled(if: python != nil, "EDVIZ_PYTHON names no Python with torch, torchvision, timm and safetensors"))
  func checkpointsOfManyFormsAreLoaded() throws {
    let script = Program.repository("Tests/EDNetsTests/Reference/check_many_checkpoints.py")
    let outcome = try Program.run(
      path: try #require(python), [script, "--edviz", Program.path, "--few", "torchvision resnet18"])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("6 of 6 files agree"))
  }
}
