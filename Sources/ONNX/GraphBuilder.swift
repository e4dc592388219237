import FoundationEssentials
import Networks
import Tensors

/// The nodes and initialisers of an ONNX graph while it is made.
struct GraphBuilder {
  private(set) var nodes: [ONNXNodeProto] = []
  private(set) var initializers: [ONNXInitializer] = []
  private var constants: [[Int]: String] = [:]
  private var numbers: [Float: String] = [:]
  private var names: Set<String>

  /// A builder that gives no value a name of `reserved`, unless it is told to.
  init(reserved: Set<String>) { names = reserved }

  /// Adds a node and returns the name of its value.
  @discardableResult mutating func node(
    _ type: String, _ inputs: [String], _ attributes: [ONNXAttributeProto] = [], name: String
  ) -> String {
    nodes.append(
      .with {
        $0.opType = type
        $0.input = inputs
        $0.output = [name]
        $0.name = name
        $0.attribute = attributes
      })
    return name
  }

  /// Adds an initialiser and returns its name.
  mutating func add(_ initializer: ONNXInitializer) -> String {
    initializers.append(initializer)
    return initializer.name
  }

  /// Adds a parameter, once if several layers share it, and returns its name.
  mutating func add(_ parameter: Parameter) -> String {
    guard !initializers.contains(where: { $0.name == parameter.name }) else { return parameter.name }
    return add(ONNXInitializer(parameter))
  }

  /// A list of integers as a value. Constants are nodes, so that the initialisers are the network's parameters alone.
  mutating func constant(_ values: [Int]) -> String {
    if let found = constants[values] { return found }
    let name = unused("constant")
    constants[values] = node("Constant", [], [.ints("value_ints", values)], name: name)
    return name
  }

  /// A number as a value.
  mutating func constant(_ value: Float) -> String {
    if let found = numbers[value] { return found }
    let name = unused("number")
    numbers[value] = node("Constant", [], [.float("value_float", value)], name: name)
    return name
  }

  /// A name that no value has yet: `stem` itself or with a number behind it.
  mutating func unused(_ stem: String) -> String {
    var name = stem
    var number = 1
    while !names.insert(name).inserted {
      number += 1
      name = "\(stem)_\(number)"
    }
    return name
  }
}

extension ONNXAttributeProto {
  static func int(_ name: String, _ value: Int) -> Self {
    .with { ($0.name, $0.type, $0.i) = (name, .int, Int64(value)) }
  }

  static func ints(_ name: String, _ values: [Int]) -> Self {
    .with { ($0.name, $0.type, $0.ints) = (name, .ints, values.map(Int64.init)) }
  }

  static func float(_ name: String, _ value: Float) -> Self {
    .with { ($0.name, $0.type, $0.f) = (name, .float, value) }
  }

  static func string(_ name: String, _ value: String) -> Self {
    .with { ($0.name, $0.type, $0.s) = (name, .string, Data(value.utf8)) }
  }

  /// Rows and columns.
  static func size(_ name: String, _ value: Size2D) -> Self { .ints(name, [value.height, value.width]) }
}

extension [ONNXAttributeProto] {
  /// Window, step and padding of a convolution or pooling.
  static func window(_ geometry: ConvolutionGeometry) -> Self {
    let (first, last) = (geometry.padding, geometry.endPadding)
    return [
      .size("kernel_shape", geometry.kernel), .size("strides", geometry.stride),
      .ints("pads", [first.height, first.width, last.height, last.width]),
    ]
  }

  /// Window, step, padding, dilation and groups of a convolution.
  static func convolution(_ geometry: ConvolutionGeometry) -> Self {
    window(geometry) + [.size("dilations", geometry.dilation), .int("group", geometry.groups)]
  }
}
