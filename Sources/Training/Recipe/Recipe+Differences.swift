import Datasets
import Files
import Yams

extension Recipe {
  /// The recipe without what may differ between the parts of one run: its length, where files lie, what is logged and
  /// saved, threads and memory.
  func essentials() throws -> Recipe {
    func placeless(_ source: DatasetSource) -> DatasetSource {
      var source = source
      source.path = ""
      source.root = nil
      source.format = "auto"
      return source
    }
    var rest = Recipe(
      data: Data(train: placeless(data.train), validation: data.validation.map(placeless)))
    rest.network = .described(try network.description(classes: 2))
    rest.input = input
    rest.augmentation = augmentation
    rest.cutMix = cutMix
    rest.batch = batch
    rest.accumulate = accumulate
    rest.loss = loss
    rest.labelSmoothing = labelSmoothing
    rest.optimizer = optimizer
    rest.schedule = schedule
    rest.averaging = averaging
    rest.seed = seed
    rest.initFactor = initFactor
    if initFrom != nil { rest.initFrom = "" }
    return rest
  }

  /// SHA-256 of the essentials.
  func digest() throws -> String {
    let text = Array(try essentials().yaml().utf8)
    return text.withUnsafeBytes(SHA256.hexadecimal)
  }

  /// The first essential field in which another recipe differs.
  func firstDifference(from other: Recipe) throws -> (field: String, mine: String, others: String)? {
    let (mine, others) = (try essentials().fields(), try other.essentials().fields())
    let names = mine.map(\.field) + others.map(\.field)
    func value(_ fields: [(field: String, value: String)], _ name: String) -> String {
      fields.first { $0.field == name }?.value ?? "absent"
    }
    for name in names {
      let values = (value(mine, name), value(others, name))
      if values.0 != values.1 { return (name, values.0, values.1) }
    }
    return nil
  }

  /// Every scalar with its place.
  private func fields() throws -> [(field: String, value: String)] {
    guard let node = try Yams.compose(yaml: yaml()) else { return [] }
    var found: [(field: String, value: String)] = []
    func walk(_ node: Node, _ place: String) {
      switch node {
      case .mapping(let mapping):
        for (key, value) in mapping {
          let name = key.string ?? ""
          walk(value, place.isEmpty ? name : "\(place).\(name)")
        }
      case .sequence(let sequence):
        for (index, value) in sequence.enumerated() { walk(value, "\(place)[\(index)]") }
      case .scalar(let scalar): found.append((place, scalar.string))
      default: break
      }
    }
    walk(node, "")
    return found
  }
}
