import EDNets
import Files
import Foundation
import Networks
import Testing

@testable import Training

/// The recipes that come with edviz.
@Suite struct ExampleRecipeTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Examples").path
  static let names = ["Recipes", "DefaultModel"].flatMap { inner in
    ((try? Folders.contents(of: folder + "/" + inner)) ?? []).map { inner + "/" + $0 }
  }.filter { $0.hasSuffix(".yaml") }

  @Test func thereAreSome() {
    #expect(
      Set(["cifar10.yaml", "cifar10-short.yaml", "imagenet.yaml", "cub.yaml"].map { "Recipes/" + $0 })
        .union(["DefaultModel/recipe.yaml"]).isSubset(of: Self.names))
  }

  @Test(arguments: names)
  func recipesParseAndBuildTheirNetwork(name: String) throws {
    let path = Self.folder + "/" + name
    let recipe = try Recipe(contentsOf: path)
    #expect(recipe.name == Paths.stem(of: name))
    let network = try Network(recipe.network.description(classes: 7))
    #expect(network.description.classes == 7)
    #expect(recipe.data.train.path.hasPrefix(Paths.folder(of: path) + "/data/"))
    #expect(recipe.data.validation?.split != nil)
    // The complete recipe in a run's folder is the same one.
    #expect(try Recipe(yaml: recipe.yaml(), path: "/run/recipe.yaml") == recipe)
    // Crops in training have the size of evaluation.
    let size = recipe.input.size
    for step in recipe.augmentation.steps {
      if case .randomResizedCrop(let crop) = step { #expect(crop.size == size) }
    }
  }

  @Test func ratesAreThePapers() throws {
    func rates(_ name: String, _ epochs: [Int]) throws -> [Float] {
      let recipe = try Recipe(contentsOf: Self.folder + "/Recipes/" + name)
      return epochs.map { epoch in
        recipe.schedule.rate(
          at: epoch * 10, stepsPerEpoch: 10, epochs: recipe.epochs, base: recipe.optimizer.rate)
      }
    }
    // The factor is a power of a single-precision 0.1.
    func close(_ found: [Float], _ expected: [Float]) -> Bool {
      found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-6 * $1 }
    }
    let cifar = try rates("cifar10.yaml", [0, 149, 150, 224, 225, 299])
    #expect(close(cifar, [0.1, 0.1, 0.01, 0.01, 0.001, 0.001]), "\(cifar)")
    let imageNet = try rates("imagenet.yaml", [0, 29, 30, 60, 90])
    #expect(close(imageNet, [0.1, 0.1, 0.01, 0.001, 0.0001]), "\(imageNet)")
  }
}
