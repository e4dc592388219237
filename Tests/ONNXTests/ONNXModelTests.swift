import EDNets
import Files
import Foundation
import Networks
import Tensors
import Testing

@testable import ONNX

@Suite struct ONNXModelTests {
  /// Every name of the registry has a translation in which all parameters are there in their shapes; folded, those that
  /// are left.
  @Test(arguments: ModelRegistry.names)
  func everyNetworkIsTranslated(name: String) throws {
    let network = try Network(ModelRegistry.description(named: name))
    let zeros = Zeros()
    for parameter in network.parameters { parameter.value = zeros.tensor(parameter.shape) }
    let shapes = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.shape) })
    for normalization in ONNXModel.Normalization.allCases {
      let model = try ONNXModel(network.graph, logits: network.logits, normalization: normalization)
      model.graph.expectOrder(initializers: model.initializers.map(\.name))
      for initializer in model.initializers { #expect(shapes[initializer.name] == initializer.shape) }
      let left = network.parameters.filter { $0.isWeight || [.bias, .shift].contains($0.role) }
      // What no convolution comes before keeps factor, mean and variance.
      let kept = left.count + 3 * model.graph.node.count { $0.opType == "BatchNormalization" }
      #expect(model.initializers.count == (normalization == .kept ? shapes.count : kept))
    }
  }

  @Test func filesDecode() throws {
    let network = try network("cifar-ed-resnet20-option-a")
    var model = try ONNXModel(network.graph, logits: network.logits, normalization: .kept)
    model.metadata = ["classes": "[\"ant\"]", "about": "ü"]
    model.producerVersion = "1.2"
    let decoded = try model.decoded()
    #expect(decoded.irVersion == 8 && decoded.opsetImport.map(\.version) == [17])
    #expect(decoded.producerName == "edviz" && decoded.producerVersion == "1.2")
    #expect(decoded.metadataProps.map(\.key) == ["about", "classes"])
    #expect(decoded.metadataProps.map(\.value) == ["ü", "[\"ant\"]"])
    #expect(decoded.graph.initializer.count == network.parameters.count)
    for (tensor, parameter) in zip(
      decoded.graph.initializer.sorted { $0.name < $1.name }, network.parameters.sorted { $0.name < $1.name })
    {
      #expect(tensor.name == parameter.name && tensor.dims == parameter.shape.map(Int64.init))
      #expect(tensor.dataType == 1 && tensor.floats == parameter.value.elements)
    }
    decoded.graph.expectOrder()
    #expect(decoded.unknownFields.data.isEmpty && decoded.graph.unknownFields.data.isEmpty)
  }

  /// A weight times its normalisation's factor, by the definition of batch normalisation, in double.
  @Test func normalizationIsFolded() throws {
    let network = try network("cifar-ed-resnet20")
    let model = try ONNXModel(network.graph, logits: network.logits)
    let graph = try model.decoded().graph
    graph.expectOrder()
    #expect(!graph.node.contains { $0.opType == "BatchNormalization" })
    let tensors = Dictionary(uniqueKeysWithValues: graph.initializer.map { ($0.name, $0) })
    let values = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.value) })
    let block = "layer2.layer2_block_0."
    for (layer, norm, isTransposed) in [
      (block + "conv_conv1", block + "bn_bn1", false),
      (block + "encoder.encoder_conv", block + "encoder.encoder_bn", false),
      (block + "decoder.decoder_conv", block + "decoder.decoder_bn", true),
    ] {
      func value(_ name: String) throws -> Tensor { try #require(values[name]) }
      let (weight, scale) = (try value(layer + ".weight"), try value(norm + ".weight"))
      let (mean, variance) = (try value(norm + ".running_mean"), try value(norm + ".running_var"))
      let shift = try value(norm + ".bias")
      let factors = (0..<scale.count).map { Double(scale[$0]) / (Double(variance[$0]) + 1e-5).squareRoot() }
      let groups = layer == block + "conv_conv1" ? 1 : 16
      let folded = try #require(tensors[layer + ".weight"])
      let window = weight.shape[2] * weight.shape[3]
      for (i, found) in folded.floats.enumerated() {
        let (first, second) = (i / window / weight.shape[1], i / window % weight.shape[1])
        let output = isTransposed ? first / (weight.shape[0] / groups) * weight.shape[1] + second : first
        #expect(abs(Double(found) - Double(weight[i]) * factors[output]) < 1e-5)
      }
      let bias = try #require(tensors[norm + ".bias"])
      for (c, found) in bias.floats.enumerated() {
        #expect(abs(Double(found) - (Double(shift[c]) - Double(mean[c]) * factors[c])) < 1e-5)
      }
      let node = try #require(graph.node.first { $0.input.contains(layer + ".weight") })
      #expect(node.opType == (isTransposed ? "ConvTranspose" : "Conv") && node.input[2] == norm + ".bias")
    }
  }

  /// Branches come under the names that were asked for, also where one node has two of them.
  @Test func outputsHaveTheirNames() throws {
    let network = try network("cifar-ed-resnet20")
    let (first, second) = (network.blocks[0], network.blocks[1])
    func node(_ block: Block, _ branch: Branch) throws -> [Graph.NodeID] {
      [try #require(block.taps[branch])]
    }
    let outputs = [
      ONNXModel.Output(name: "a.output", terms: try node(first, .output)),
      ONNXModel.Output(name: "b.input", terms: try node(second, .input)),
      ONNXModel.Output(name: "b.decoder", terms: try node(second, .decoder)),
      ONNXModel.Output(name: "b.both", terms: try node(second, .transform) + node(second, .shortcut)),
      ONNXModel.Output(name: "again", terms: [network.logits]),
    ]
    for normalization in ONNXModel.Normalization.allCases {
      let graph = try ONNXModel(
        network.graph, logits: network.logits, outputs: outputs, normalization: normalization
      ).decoded().graph
      graph.expectOrder()
      #expect(graph.output.map(\.name) == ["logits", "a.output", "b.input", "b.decoder", "b.both", "again"])
      #expect(try graph.maker(of: "a.output").opType == "Relu")
      #expect(try graph.maker(of: "b.input").input == ["a.output"])
      #expect(try graph.maker(of: "b.both").opType == "Add")
      #expect(try graph.maker(of: "again").input == ["logits"])
      let channels = graph.output.map { $0.type.tensorType.shape.dim.map(\.dimValue) }
      #expect(
        channels == [[0, 10], [0, 16, 0, 0], [0, 16, 0, 0], [0, 16, 0, 0], [0, 16, 0, 0], [0, 10]])
    }
  }

  @Test func namesMustDiffer() throws {
    let network = try network("cifar-resnet20")
    for name in ["input", "logits", "fc.bias"] {
      let output = ONNXModel.Output(name: name, terms: [network.logits])
      #expect(throws: ONNXError.nameTaken(name)) {
        try ONNXModel(network.graph, logits: network.logits, outputs: [output])
      }
    }
  }

  /// Output padding follows the map at a known size; at any size the most is added and cut off again.
  @Test(arguments: [("cifar-ed-resnet20", [1, 1, 1, 1] as [Int64]), ("cifar-ed-resnet20-k4", [1, 1, 2, 2])])
  func transposedConvolutionsReachTheirSize(name: String, pads: [Int64]) throws {
    let network = try network(name)
    func decoders(_ size: Size2D?) throws -> [ONNXNodeProto] {
      let model = try ONNXModel(network.graph, logits: network.logits, inputSize: size)
      model.graph.expectOrder(initializers: model.initializers.map(\.name))
      let sides = model.graph.input[0].type.tensorType.shape.dim
      #expect(sides[0].dimParam == "batch" && sides[1].dimValue == 3)
      #expect(sides[2].dimValue == Int64(size?.height ?? 0) && sides[3].dimValue == Int64(size?.width ?? 0))
      #expect(model.graph.node.contains { $0.opType == "Slice" } == (size == nil))
      return model.graph.node.filter { $0.opType == "ConvTranspose" }
    }
    // 33 and 36 pixels become maps of 33, 17, 9 rows and 36, 18, 9 columns.
    let fixed = try decoders(Size2D(height: 33, width: 36)).map { $0.integers("output_padding") }
    #expect(fixed == Array(repeating: [0, 1], count: 6) + Array(repeating: [0, 0], count: 3))
    let turned = try decoders(Size2D(height: 36, width: 33)).map { $0.integers("output_padding") }
    #expect(turned == Array(repeating: [1, 0], count: 6) + Array(repeating: [0, 0], count: 3))
    #expect(
      try decoders(nil).allSatisfy { $0.integers("output_padding") == [1, 1] && $0.integers("pads") == pads })
  }

  @Test func mapsMustNotVanish() throws {
    var graph = Graph()
    let input = graph.append(Input())
    let layer = Convolution(name: "conv", inputs: 3, outputs: 2, geometry: ConvolutionGeometry(kernel: 5))
    layer.weight.value = Tensor(shape: layer.weight.shape)
    let output = graph.append(layer, input)
    #expect(throws: ONNXError.imagesTooSmall(size: Size2D(4))) {
      try ONNXModel(graph, logits: output, inputSize: Size2D(4))
    }
    #expect(try ONNXModel(graph, logits: output, inputSize: Size2D(5)).graph.node.count == 1)
  }

  @Test func filesEndAtTwoGibibytes() throws {
    let zeros = Zeros()
    let layer = Linear(name: "fc", inputs: 1 << 14, outputs: 1 << 15)
    layer.weight.value = zeros.tensor(layer.weight.shape)
    layer.bias.value = Tensor(shape: layer.bias.shape)
    var graph = Graph()
    let input = graph.append(Input())
    let logits = graph.append(layer, input)
    let model = try ONNXModel(graph, logits: logits)
    let folder = try TemporaryFolder()
    let path = folder.path + "/net.onnx"
    let error = #expect(throws: ONNXError.self) { try model.write(to: path) }
    guard case .tooLarge(path, let size) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(size > Zeros.bytes && size < Zeros.bytes + 1 << 20)
    #expect(try Folders.contents(of: folder.path) == [])
  }

  @Test func errorsAreSentences() {
    let cases: [(ONNXError, String)] = [
      (.imagesTooSmall(size: Size2D(4)), "images of 4×4 pixels are too small for the network"),
      (
        .nameTaken("input"),
        "'input' cannot be the name of an output: it is that of another output, the input or a parameter"
      ),
      (.noTranslation("Fold"), "the operator 'Fold' has no translation to ONNX"),
      (
        .tooLarge(path: "a.onnx", bytes: 3 << 30),
        "a.onnx: the network would take 3072 MiB, but an ONNX file must be smaller than 2048"
      ),
    ]
    for (error, sentence) in cases { #expect(error.description == sentence) }
  }
}
