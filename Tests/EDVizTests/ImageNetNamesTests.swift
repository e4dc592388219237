import EDViz
import Testing

/// A network of a thousand nameless logits has ImageNet's names.
@Suite struct ImageNetNamesTests {
  private func model(_ count: Int, classes: [String] = []) throws -> Model {
    let network = try Network(ModelRegistry.description(named: "cifar-resnet20", classes: count))
    var checkpoint = try Checkpoint(
      network.parameters.map { parameter in
        let size = parameter.shape.reduce(1, *)
        return (parameter.name, Tensor([Float](repeating: 1, count: size), shape: parameter.shape))
      })
    checkpoint.metadata = try ModelMetadata.entries(
      network: network.description, preprocessing: Preprocessing(size: 32), classes: classes)
    return try Model(checkpoint: checkpoint)
  }

  @Test func aThousandNamelessClassesAreImageNets() throws {
    let (named, remark) = try model(1000).namingImageNetClasses()
    #expect(named.classes == ImageNetClasses.names)
    #expect(remark?.contains("taken for ImageNet's") == true)
  }

  @Test func othersKeepTheirNames() throws {
    let (other, silence) = try model(999).namingImageNetClasses()
    #expect(other.classes.isEmpty && silence == nil)
    let own = (0..<1000).map { "mine \($0)" }
    let (kept, nothing) = try model(1000, classes: own).namingImageNetClasses()
    #expect(kept.classes == own && nothing == nil)
  }
}
