import ArgumentParser
import EDViz

/// By which methods maps are made, and about which class.
struct MethodOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Map, repeated for several: " + MapMethods.all.map(\.name).joined(separator: ", ") + ".",
      valueName: "method"),
    completion: .list(MapMethods.all.map(\.name)))
  var method: [String] = []

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "Class that maps are about: a name, a place among the logits from 0, top, top2 … Default: top.",
      valueName: "class"))
  var className: String?

  @Option(
    help: ArgumentHelp(
      "Class whose logit is taken off, written as for --class, or runner-up: why this and not that.",
      valueName: "class"))
  var against: String?

  func methods() throws -> [any MapMethod] {
    var seen: Set<String> = []
    return try method.map { name throws(AttentionError) in try MapMethods.named(name) }
      .filter { seen.insert($0.name).inserted }
  }

  /// What is asked; nil if no class was named.
  func question(of model: Model) throws -> ClassQuestion? {
    guard className != nil || against != nil else { return nil }
    func choice(_ text: String) throws -> ClassChoice {
      try ClassChoice(text, classes: model.classes, count: model.network.description.classes)
    }
    return ClassQuestion(try className.map(choice) ?? .rank(1), against: try against.map(choice))
  }
}
