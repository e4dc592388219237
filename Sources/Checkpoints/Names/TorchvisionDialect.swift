/// Names that differ from torchvision's in spelling alone; what torchvision's convention learns, its dialects understand too.
protocol TorchvisionDialect: NamingConvention {
  /// torchvision's name of a module, or nil if the dialect does not have it.
  func plain(module: String) -> String?
  /// The dialect's name of a module of torchvision's, or nil. Undoes `plain(module:)`.
  func module(plain: String) -> String?
}

extension TorchvisionDialect {
  /// The canonical name of a module, or nil.
  public func canonical(module: String) -> String? {
    plain(module: module).flatMap(TorchvisionNames().canonical(module:))
  }

  /// The name here of a module of canonical name, or nil.
  public func module(canonical: String) -> String? {
    TorchvisionNames().module(canonical: canonical).flatMap(module(plain:))
  }
}

/// Parts of names that change places, each from a list of pairs.
struct Spelling {
  /// This spelling, and torchvision's.
  let pairs: [(own: String, plain: String)]

  init(_ pairs: KeyValuePairs<String, String>) { self.pairs = pairs.map { ($0.key, $0.value) } }

  func plain(_ own: String) -> String? { pairs.first { $0.own == own }?.plain }
  func own(_ plain: String) -> String? { pairs.first { $0.plain == plain }?.own }
}
