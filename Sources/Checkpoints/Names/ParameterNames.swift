/// The names of one file's parameters, translated to the published ED-Net names and back.
public struct ParameterNames: Sendable {
  /// All known conventions. Where two explain a file equally well, the first is taken.
  public static let conventions: [any NamingConvention] = [
    PublishedNames(), TorchvisionNames(), TorchvisionNames(pooledShortcuts: true), CIFARNames(),
    ResNetV2Names(), HuggingFaceNames(), CadeneNames(), OpenMMLabNames(), Detectron2Names(), CIFAR100Names(),
    SequentialNames(firstStage: 4), SequentialNames(firstStage: 3), SequentialNames(firstStage: 2),
  ]

  /// What torch.nn.DataParallel puts before every name.
  private static let parallelPrefix = "module."

  /// The convention that the file follows.
  public let convention: any NamingConvention
  /// What stands before the names of the network; empty if nothing does.
  public let prefix: String

  /// Names after a known convention.
  public init(_ convention: any NamingConvention, prefix: String = "") {
    self.convention = convention
    self.prefix = prefix
  }

  /// The convention that knows most of the names behind a prefix; nil if none knows any.
  /// - Parameter prefix: where it is known; else it is that of the network of which most modules are found.
  public init?(detectedIn names: some Collection<String>, prefix: String? = nil) {
    let prefix = prefix ?? Self.networks(in: names).first?.prefix ?? Self.commonPrefix(of: names)
    let modules = Set(
      names.lazy.filter { $0.hasPrefix(prefix) }
        .map { Self.split(TransparentModules.removed(from: $0.dropFirst(prefix.count))).module })
    var best: (convention: any NamingConvention, known: Int)?
    for convention in Self.conventions {
      let known = modules.count { convention.canonical(module: $0) != nil }
      if known > best?.known ?? 0 { best = (convention, known) }
    }
    guard let best else { return nil }
    self.init(best.convention, prefix: prefix)
  }

  private static func commonPrefix(of names: some Collection<String>) -> String {
    !names.isEmpty && names.allSatisfy { $0.hasPrefix(parallelPrefix) } ? parallelPrefix : ""
  }

  /// The canonical name of a parameter. The prefix goes; a name that the convention does not know stays.
  public func canonical(_ name: String) -> String {
    let name = TransparentModules.removed(
      from: name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name[...])
    let (module, parameter) = Self.split(name)
    return (convention.canonical(module: module) ?? module) + parameter
  }

  /// This file's name for a parameter of canonical name, or nil if the convention has none: only the published one
  /// names encoders and decoders. Undoes `canonical` for every name that the convention knows.
  public func original(_ canonical: String) -> String? {
    let (module, parameter) = Self.split(canonical[...])
    return convention.module(canonical: module).map { prefix + $0 + parameter }
  }

  /// A name before its last dot, and from it on.
  static func split(_ name: Substring) -> (module: String, parameter: Substring) {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return ("", name) }
    return (String(name[..<dot]), name[dot...])
  }
}
