import EDNets
import Networks
import Tensors
import Testing

@Suite struct ComplexityTests {
  /// What one value sees is where the gradient of that value is not zero; values at both places within a step of the
  /// decoder are asked.
  @Test(arguments: [
    "cifar-ed-resnet20", "cifar-twoconv-resnet20", "ed-resnet18", "cifar-ed-resnet20-s3p1",
    "cifar-ed-resnet20-s3p0",
  ])
  func receptiveFieldsAreThoseOfGradients(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name, classes: 3))
    SweepValues.fill(network)
    let fields = network.graph.receptiveFields()
    let pictures = try #require(network.graph.ids.first)
    let side = 96
    for block in network.blocks.prefix(3) {
      for branch in block.branches {
        let node = try #require(block.taps[branch])
        let tape = Tape(
          network.graph, outputs: [node], watched: [pictures], statistics: .running, learns: false)
        var seen = 0
        for offset in 0..<3 {
          let images = SweepValues.images(Size2D(side))
          let value = try #require(try tape.forward(images)[node])
          let middle = value.height / 2 + offset
          let seed = Tensor(shape: value.shape) { seed in
            seed.update(repeating: 0)
            let start = (middle * value.width + middle) * value.channels
            for c in start..<start + value.channels { seed[c] = 1 + Float(c % 7) }
          }
          let gradient = try #require(try tape.backward(from: [node: seed])[pictures])
          let rows = (0..<side).filter { y in (0..<side * 3).contains { gradient[y * side * 3 + $0] != 0 } }
          seen = max(seen, (rows.last ?? 0) - (rows.first ?? 0) + 1)
        }
        #expect(fields[node]?.size == seen, "\(block.name) \(branch)")
      }
    }
  }

  /// The paper: "the activation units in the decoder features have larger receptive fields" than those of the input.
  @Test func decodersSeeMore() throws {
    let network = try Network(ModelRegistry.description(named: "ed-resnet50"))
    for row in NetworkSummary(network, input: Size2D(224)).blocks {
      let fields = row.receptiveFields
      let (input, transform) = try (#require(fields[.shortcut]), #require(fields[.transform]))
      let (encoder, decoder) = try (#require(fields[.encoder]), #require(fields[.decoder]))
      #expect(decoder > encoder && encoder > input && decoder > transform)
    }
  }

  /// What the tables print is near what is computed, where the paper agrees with its architecture.
  @Test(arguments: PaperTable.all.flatMap { table in table.rows.map { (table.number, $0.model) } })
  func tablesAreComputed(number: String, model: String) throws {
    let table = try #require(PaperTable(number: number))
    let row = try #require(table.rows.first { $0.model == model })
    let computed = try ModelComplexity(model: model)
    if let printed = row.multiplyAccumulates {
      let value = Double(computed.multiplyAccumulates) / 1e9
      #expect(abs(value - printed) / printed < 0.15, "\(value) for \(printed)")
    }
    if number == "XVIII" {
      #expect(abs(Double(computed.parameters) / 1e6 - (row.parameters ?? 0)) < 0.085)
    }
    #expect(row.notes.allSatisfy(table.footnotes.indices.contains))
  }

  @Test func complexityOfED() throws {
    let complexity = try ModelComplexity(model: "ed-resnet50")
    #expect(complexity.parameters == 28_424_104 && complexity.input == Size2D(224))
    #expect(PaperTable.printed(model: "ed-resnet50").map(\.table.number) == ["I", "III"])
    #expect(PaperTable(number: "iii")?.number == "III" && PaperTable(number: "II") == nil)
  }

  @Test func stagesAreThoseOfTableI() throws {
    let network = try Network(ModelRegistry.description(named: "ed-resnet50"))
    let table = StageTable(network, NetworkSummary(network, input: Size2D(224)))
    #expect(table.rows.map(\.name) == ["conv1", "max-pooling", "conv2", "conv3", "conv4", "conv5", "cls"])
    #expect(table.rows.map(\.size.height) == [112, 56, 56, 28, 14, 7, 1])
    #expect(table.rows.map(\.repeats) == [1, 1, 3, 4, 6, 3, 1])
    #expect(table.rows[2].transformation == ["1×1, 64", "3×3, 64", "1×1, 256"])
    #expect(
      table.rows[2].path == ["conv 3×3, 64, stride 2, group 32", "deconv 3×3, 256, stride 2, group 32"])
  }

  @Test func memoryFollowsTheMaps() throws {
    let network = try Network(ModelRegistry.description(named: "cifar-resnet20"))
    let small = NetworkSummary(network, input: Size2D(32))
    let large = NetworkSummary(network, input: Size2D(64))
    // Four maps a basic block, and the stem's two, of 64 KiB at the first resolution.
    #expect(small.trainingBytes > 14 * 65_536 && small.evaluationBytes < small.trainingBytes)
    #expect(Double(large.trainingBytes) / Double(small.trainingBytes) > 3.9)
  }
}
