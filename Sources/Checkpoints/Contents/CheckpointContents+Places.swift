extension CheckpointContents {
  /// Names that are looked at to find networks; real files have fewer.
  static let mostNames = 40_000

  /// A network that was found, and how many of its modules are known by name.
  struct Candidate {
    let dictionary: TensorDictionary
    let prefix: String
    let modules: Int

    var place: NetworkPlace { NetworkPlace(key: dictionary.key, prefix: prefix) }
  }

  /// Every place where names are those of a residual network from its first stage on, the best known first.
  public var places: [NetworkPlace] { candidates(in: dictionaries).map(\.place) }

  func candidates(in dictionaries: [TensorDictionary]) -> [Candidate] {
    var room = Self.mostNames
    var found: [Candidate] = []
    for dictionary in dictionaries where room > 0 {
      let names = dictionary.names.prefix(room)
      room -= names.count
      for (prefix, modules) in ParameterNames.networks(in: names) {
        found.append(Candidate(dictionary: dictionary, prefix: prefix, modules: modules))
      }
    }
    return found.enumerated().sorted {
      ($1.element.modules, $0.offset) < ($0.element.modules, $1.offset)
    }.map(\.element)
  }

  /// The dictionary of the network that is meant, and its place.
  /// - Throws: `CheckpointError.severalNetworks` if dictionaries are to choose from, `.noSuchPlace`, `.noTensors`, `.wholeModule`.
  func chosen(_ choice: WeightChoice) throws(CheckpointError) -> Chosen {
    let among = try dictionaries(choice)
    var all = candidates(in: among)
    if all.isEmpty, choice.key == nil, let flat = flattened { all = candidates(in: [flat]) }
    var found = all
    if let prefix = choice.prefix {
      found = all.filter { $0.prefix == prefix }
      if found.isEmpty { return try unrecognized(prefix, among, all) }
    }
    guard let best = found.first else {
      return Chosen(dictionary: try ordinary(among), place: nil, rivals: [])
    }
    // A part of a network beside a whole one is no choice.
    let fitting = without(copies: found.filter { $0.modules * 4 >= best.modules })
    let places = fitting.map(\.place)
    let choices = fitting.count > 1 ? places.map { $0.options(among: places) } : []
    guard Set(places.map(\.key)).count == 1 else { throw .severalNetworks(path: path, choices: choices) }
    let rivals = all.filter { $0.dictionary.key == fitting[0].dictionary.key }.map(\.prefix)
    return Chosen(
      dictionary: fitting[0].dictionary, place: fitting[0].place,
      rivals: rivals.filter { $0 != fitting[0].prefix }, choices: choices)
  }

  /// The dictionary of a network, where in it the network is, and what stands before the names of further networks there.
  struct Chosen {
    let dictionary: TensorDictionary
    let place: NetworkPlace?
    let rivals: [String]
    /// How the command line would choose among several that fit, all in this dictionary.
    var choices: [String] = []
  }

  /// What a prefix chooses behind which no network is known by its names.
  private func unrecognized(
    _ prefix: String, _ among: [TensorDictionary], _ all: [Candidate]
  ) throws(CheckpointError) -> Chosen {
    guard let dictionary = among.first(where: { $0.names.contains { $0.hasPrefix(prefix) } }) else {
      throw .noSuchPlace(
        path: path, option: "--prefix", name: prefix, known: all.map(\.prefix).filter { !$0.isEmpty })
    }
    return Chosen(
      dictionary: dictionary, place: NetworkPlace(key: dictionary.key, prefix: prefix), rivals: [])
  }

  private func dictionaries(_ choice: WeightChoice) throws(CheckpointError) -> [TensorDictionary] {
    guard let key = choice.key else { return dictionaries }
    let among = dictionaries.filter { $0.key == key } + dictionaries.filter { $0.key.hasPrefix(key + ".") }
    guard !among.isEmpty else {
      throw .noSuchPlace(
        path: path, option: "--key", name: key, known: dictionaries.map(\.key).filter { !$0.isEmpty })
    }
    return among
  }

  /// All dictionaries as one, for files in which each module has its own.
  private var flattened: TensorDictionary? {
    guard dictionaries.count > 1 else { return nil }
    var all = TensorDictionary(key: "")
    var seen: Set<String> = []
    for dictionary in dictionaries.map(\.flattened) {
      for (name, value) in zip(dictionary.names, dictionary.values) where seen.insert(name).inserted {
        all.names.append(name)
        all.values.append(value)
      }
    }
    return all
  }

  /// The candidates that differ. Of MoCo's encoders the query's is the one that was trained, the other its moving average;
  /// tensors that are saved twice under two names are one network.
  private func without(copies candidates: [Candidate]) -> [Candidate] {
    func parts(_ candidate: Candidate) -> [Substring] { candidate.prefix.split(separator: ".") }
    let trained = candidates.filter { candidate in
      var renamed = parts(candidate)
      guard let place = renamed.firstIndex(of: "encoder_k") else { return true }
      renamed[place] = "encoder_q"
      return !candidates.contains {
        $0.dictionary.key == candidate.dictionary.key && parts($0) == renamed
      }
    }
    var kept: [Candidate] = []
    for candidate in trained where !kept.contains(where: { isCopy(candidate, of: $0) }) {
      kept.append(candidate)
    }
    return kept
  }

  private func isCopy(_ candidate: Candidate, of other: Candidate) -> Bool {
    func values(_ candidate: Candidate) -> [TensorDictionary.Value] {
      zip(candidate.dictionary.names, candidate.dictionary.values)
        .filter { $0.0.hasPrefix(candidate.prefix) && $0.0.hasSuffix(".weight") }.map(\.1)
    }
    // Names may differ, the order of saving does not.
    let (left, right) = (values(candidate).prefix(20), values(other).prefix(20))
    return !left.isEmpty && left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
  }

  /// Where trainers put the tensors of other networks, in the order in which these are tried.
  package static let ordinaryKeys = ["state_dict", "model_state_dict", "model", "net"]

  /// The dictionary of a file in which no residual network is known by its names: that under a usual key, which goes first
  /// because trainers also save single tensors, such as the best accuracy, beside it; else the outermost; else the
  /// only one whose names are those of modules.
  private func ordinary(_ among: [TensorDictionary]) throws(CheckpointError) -> TensorDictionary {
    for key in Self.ordinaryKeys {
      if let found = among.first(where: { $0.key == key }) { return found }
    }
    if let outermost = among.first(where: { $0.key.isEmpty }) { return outermost }
    let named = among.filter { $0.names.contains { $0.contains(".") } }
    guard let first = named.first else { throw withoutTensors() }
    return first
  }
}
