import EDNets
import Files
import Networks
import Tensors
import Testing

@testable import Figures

@Suite struct NetworkFigureTests {
  private func texts(_ canvas: Canvas) -> [String] {
    canvas.marks.compactMap { if case .text(let text, _, _, _, _) = $0 { text } else { nil } }
  }

  @Test func stagesAndBranchesAreNamed() throws {
    let canvas = try Samples.network("ed-resnet50").canvas()
    let texts = texts(canvas)
    for text in [
      "image: 224×224×3", "conv5 × 3", "7×7×2048", "3×3, 512", "deconv 3×3, 2048, stride 2, group 32",
      "conv2_1", "conv2_2–3, conv3_2–4, conv4_2–6, conv5_2–3", "conv3_1, conv4_1, conv5_1", "F(x), stride 2",
      "1×1, 512, stride 2", "14×14×128", "transform", "shortcut", "decoder", "sum", "ReLU",
    ] {
      #expect(texts.contains(text), "\(text)")
    }
    #expect(!texts.contains { $0.contains("…") })
  }

  @Test func whatABlockLacksIsNotDrawn() throws {
    #expect(try !texts(Samples.network("ed-resnet50-noid").canvas()).contains("shortcut"))
    let withoutF = try texts(Samples.network("ed-resnet50-notransform").canvas())
    #expect(!withoutF.contains { $0 == "transform" || $0.hasPrefix("F(x)") })
    let plain = try texts(Samples.network("cifar-resnet20-option-a").canvas())
    #expect(plain.contains("zeros to 32 channels") && !plain.contains("decoder"))
    #expect(try texts(Samples.network("cbam-resnet50").canvas()).contains("CBAM, reduction 16, kernel 7"))
  }

  /// Boxes and lines stay inside, at any size of the images.
  @Test func drawingsStayInside() throws {
    for canvas in Samples.networkNames.flatMap({ name in
      [1, 97].compactMap { try? Samples.network(name, side: $0).canvas(theme: .dark) }
    }) {
      for mark in canvas.marks {
        let places: [Place] =
          switch mark {
          case .line(let places, _): places
          case .rectangle(let area, _): [Place(x: area.x, y: area.y), Place(x: area.right, y: area.bottom)]
          default: []
          }
        #expect(
          places.allSatisfy { $0.x >= 0 && $0.y >= 0 && $0.x <= canvas.width && $0.y <= canvas.height })
      }
    }
  }

  /// A part that this package does not know is drawn by what it says of itself.
  @Test func newPartsDrawThemselves() throws {
    var description = try ModelRegistry.description(named: "cifar-resnet20")
    description.gate = Doubling()
    description.path = OneLayer()
    let network = try Network(description)
    let summary = NetworkSummary(network, input: Size2D(32))
    let texts = texts(NetworkFigure(title: "own", network, summary).canvas())
    for text in ["twice itself", "own 1×1, 64", "added path"] { #expect(texts.contains(text), "\(text)") }
  }
}

private struct Doubling: Gate {
  static let kind = "doubling"
  var summary: String { "twice itself" }

  func build(_ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder) -> Graph.NodeID {
    builder.append(Sum(), x, x)
  }
}

private struct OneLayer: AddedPath {
  static let kind = "oneLayer"
  var groups: Int { 1 }

  func layers(in block: BlockShape) -> [String] { ["own 1×1, \(block.outputs)"] }

  func build(
    _ x: Graph.NodeID, in block: BlockShape, _ builder: inout NetworkBuilder
  ) -> (encoder: Graph.NodeID, decoder: Graph.NodeID) {
    let encoder = builder.relu(x)
    return (encoder, builder.convolution(encoder, block.outputs, kernel: 1, ("own", "own_bn")))
  }
}
