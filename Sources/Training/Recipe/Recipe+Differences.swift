import Datasets
import Files
import Networks
import Yams

extension Recipe {
  /// The recipe without what may differ between the parts of one run: its name, where files lie, what is logged, drawn
  /// and saved, threads and memory, and its length unless the rate depends on it. A field that is not named here is
  /// essential.
  func essentials() throws -> Recipe {
    func placeless(_ source: DatasetSource) -> DatasetSource {
      var source = source
      source.path = ""
      source.root = nil
      source.format = "auto"
      return source
    }
    var rest = self
    rest.name = ""
    rest.data.train = placeless(data.train)
    rest.data.validation = data.validation.map(placeless)
    // Classes follow the data, which are compared themselves.
    rest.network = .described(try network.description(classes: 2))
    if !schedule.dependsOnLength { rest.epochs = 0 }
    if initFrom != nil { rest.initFrom = "" }
    rest.teacher?.labels = ""
    rest.checkpoint = Saving()
    rest.logSteps = 0
    rest.threads = nil
    rest.cacheMegabytes = 0
    rest.maxUnreadable = 1
    rest.heatmaps = []
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
    // The length last: that it matters may be what another schedule changed.
    let all = mine.map(\.field) + others.map(\.field)
    let names = all.filter { $0 != "epochs" } + ["epochs"]
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

extension Schedule {
  /// Whether the rate of a step depends on how long the whole run is.
  fileprivate var dependsOnLength: Bool {
    switch course {
    case .constant, .step, .multiStep: false
    case .cosine, .oneCycle: true
    }
  }
}
