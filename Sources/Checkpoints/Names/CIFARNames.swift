/// The names of the public CIFAR-10 ResNet weights (Yerlan Idelbayev's `resnet.py`), whose head is `linear`. Their
/// shortcuts have parameters only in the projecting variant, "option B".
public struct CIFARNames: NamingConvention {
  /// What people call it.
  public var title: String { "CIFAR ResNet" }

  private static let names = RenamedParts(
    head: "linear", parts: [("shortcut.0", "shortcut.shortcut_conv"), ("shortcut.1", "shortcut.shortcut_bn")])

  /// The convention has no state.
  public init() {}

  /// The canonical name of a module, or nil.
  public func canonical(module: String) -> String? { Self.names.canonical(module: module) }
  /// The name here of a module of canonical name, or nil.
  public func module(canonical: String) -> String? { Self.names.module(canonical: canonical) }
}
