/// The names in the code that the authors of ED-Net published; canonical in this package.
public struct PublishedNames: NamingConvention {
  /// What people call it.
  public var title: String { "ED-Net, as published" }

  /// The convention has no state.
  public init() {}

  /// The canonical name of a module, or nil.
  public func canonical(module: String) -> String? {
    switch module {
    case "fc", "norm": module
    default: RenamedParts.isStem(module) ? module : BlockPart(published: module) == nil ? nil : module
    }
  }

  /// The name here of a module of canonical name, or nil.
  public func module(canonical: String) -> String? { self.canonical(module: canonical) }
}
