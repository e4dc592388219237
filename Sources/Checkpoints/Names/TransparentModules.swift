/// Modules that only wrap another one and put their own name into the names within: compiled, sharded and checkpointed ones
/// of PyTorch.
enum TransparentModules {
  static let names: Set<Substring> = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"]

  /// A name without theirs, wherever in it they stand.
  static func removed(from name: Substring) -> Substring {
    // All of them begin so, and few other names hold it.
    guard name.hasPrefix("_") || name.contains("._") else { return name }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.contains(where: names.contains) else { return name }
    return Substring(parts.filter { !names.contains($0) }.joined(separator: "."))
  }
}
