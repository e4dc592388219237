/// How some body of code names the modules of a residual network, as a reversible mapping to the published ED-Net
/// names, which are canonical here.
///
/// A module's name is a parameter's without its last part: `layer1.0.conv1` of `layer1.0.conv1.weight`. A convention
/// is one small file that conforms to this protocol, and one entry in `ParameterNames.conventions`.
public protocol NamingConvention: Sendable {
  /// What people call it.
  var title: String { get }

  /// The canonical name of a module, or nil if this convention does not have the module.
  func canonical(module: String) -> String?

  /// This convention's name for a module of canonical name, or nil if it has none. Undoes `canonical(module:)`.
  func module(canonical: String) -> String?
}
