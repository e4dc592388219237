/// The names of Detectron's blobs (Caffe2), which are not made of modules: `res2_0_branch2a_w`, `res2_0_branch2a_bn_s`.
enum DetectronBlobs {
  /// Whether a dictionary is one of blobs.
  static func hold(_ names: [String]) -> Bool { names.contains("res2_0_branch2a_w") }

  /// Detectron2's name of a blob; other names stay.
  static func detectron2(_ name: String) -> String {
    guard let end = endings.first(where: { name.hasSuffix($0.blob) }) else { return name }
    let start = name.dropLast(end.blob.count)
    if start == "conv1" || start == "res_conv1" { return "stem.conv1" + end.parameter }
    if start == "fc1000" || start == "pred" { return "stem.fc" + end.parameter }
    let parts = start.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].hasPrefix("res"), let part = branches[parts[2]] else { return name }
    return "\(parts[0]).\(parts[1]).\(part)\(end.parameter)"
  }

  /// The longest first.
  private static let endings: [(blob: String, parameter: String)] = [
    ("_bn_s", ".norm.weight"), ("_bn_b", ".norm.bias"), ("_w", ".weight"), ("_b", ".bias"),
  ]

  private static let branches: [Substring: String] = [
    "branch1": "shortcut", "branch2a": "conv1", "branch2b": "conv2", "branch2c": "conv3",
  ]
}
