/// A model name that nobody knows.
public struct UnknownModel: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for.
  public let name: String
  /// The nearest names there are.
  public let nearest: [String]

  /// One sentence.
  public var description: String {
    "no model is called '\(name)'; the nearest are \(nearest.joined(separator: ", "))"
  }
}

/// The networks that have a name, the short form of a description.
public enum ModelRegistry {
  /// Networks of one kind, under a heading.
  public struct Family: Sendable {
    /// The heading.
    public let title: String
    /// Their names, plain ones first.
    public let names: [String]
  }

  /// Every model of the paper's tables and what belongs beside it. Other numbers of groups, depths of CIFAR networks and
  /// combinations of gates, paths and variants are understood too.
  public static let families: [Family] = paperFamilies + otherFamilies

  private static let paperFamilies: [Family] = [
    Family(title: "ResNet", names: paths(["18", "26", "34", "50", "101", "152"].map { "resnet" + $0 })),
    Family(title: "ResNeXt (32×4d)", names: paths(["26", "50", "101"].map { "resnext" + $0 })),
    Family(
      title: "Squeeze-and-Excitation",
      names: ["resnet", "resnext"].flatMap { family in
        ["26", "50", "101"].flatMap { paths([family + $0], gate: "se-") }
      }),
    Family(
      title: "CBAM",
      names: ["resnet", "resnext"].flatMap { family in
        ["26", "50", "101"].flatMap { paths([family + $0], gate: "cbam-") }
      }),
    Family(
      title: "Res2Net (26w×4s), Res2NeXt (4w×4s×8c)",
      names: paths(["res2net26", "res2net50", "res2net101", "res2next26", "res2next50"])
        + paths(["res2net26", "res2net50"], gate: "se-")),
    Family(
      title: "Light networks (Table VI)",
      names: ["resnet50", "resnet101", "resnet152", "resnext50", "resnext101"].flatMap {
        ["ed-\($0)-a", "ed-\($0)-b"]
      } + ["twoconv-resnet50-b", "resnext50-36x3d"]),
    Family(
      title: "Without identity or transformation (Tables VII, VIII)",
      names: ["resnet50", "resnet101", "resnet152", "resnext50", "resnext101"].flatMap {
        ["ed-\($0)-noid", "ed-\($0)-notransform"]
      }),
    Family(
      title: "CIFAR ResNet (Tables XVI, XVIII)",
      names: ["20", "32", "44", "56", "110"].flatMap { depth in
        ["", "-option-a"].flatMap { paths(["resnet\(depth)\($0)"], gate: "cifar-") }
      }),
    Family(
      title: "CIFAR ResNeXt-29 (8×64d, Table XVII)",
      names: paths(["resnext29"], gate: "cifar-")
        + ["75", "50", "25"].flatMap {
          ["cifar-ed-resnext29-kept\($0)", "cifar-twoconv-resnext29-kept\($0)"]
        }),
    Family(
      title: "ED without groups (Table XVIII) and of other reduction ratios (Fig. 5)",
      names: ["ed-resnet18", "ed-resnet26", "ed-resnet34", "ed-resnet50", "ed-resnet101", "ed-resnet152"]
        .map { $0 + "-g1" }
        + ["20", "32", "44", "56", "110"].flatMap {
          ["cifar-ed-resnet\($0)-g1", "cifar-ed-resnet\($0)-option-a-g1"]
        }
        + ["s1p0", "s1p1", "s2p0", "s3p0", "s3p1"].map { "cifar-ed-resnet20-\($0)" }),
    Family(
      title: "ED with a decoder's window of 4",
      names: ["ed-resnet18", "ed-resnet50", "ed-resnext50", "cifar-ed-resnet20", "cifar-ed-resnet56"].map {
        $0 + "-k4"
      }),
  ]

  /// Networks that others train: other widths, stems, shortcuts and gates, and what no parameter tells.
  private static let otherFamilies: [Family] = [
    Family(
      title: "Wide ResNet, ResNeXt of other widths",
      names: ["resnet50-wide-2", "resnet101-wide-2"]
        + ["32x8d", "64x4d", "32x16d"].map { "resnext101-" + $0 }),
    Family(
      title: "Deep stems (C, S), with pooled shortcuts (D, T)",
      names: ["resnet10-t", "resnet14-t", "resnet18-d", "resnet26-d", "resnet26-t", "resnet34-d"]
        + ["c", "d", "s", "t"].map { "resnet50-" + $0 }
        + ["resnet101-c", "resnet101-d", "resnet152-d", "resnet200-d", "resnext50-d", "se-resnet50-t"]),
    Family(
      title: "Efficient channel attention",
      names: ["eca-resnet18", "eca-resnet26-t", "eca-resnet50"]
        + ["eca-resnet50-d", "eca-resnet50-t", "eca-resnet101-d", "eca-resnext26-t"]),
    Family(
      title: "Pre-activated (V2)",
      names: ["resnet18-v2", "resnet34-v2", "resnet50-v2", "resnet50-d-v2", "resnet50-t-v2", "resnet101-v2"]),
    Family(
      title: "ImageNet's depths with CIFAR's stem",
      names: ["18", "34", "50", "101"].map { "resnet\($0)-cifar-stem" }),
    Family(
      title: "Shortcuts without parameters (option A)", names: ["resnet18-option-a", "resnet34-option-a"]),
    Family(
      title: "What no parameter tells: step in the first 1×1, blurring, dilation, activation",
      names: ["resnet50-caffe", "resnet101-caffe"]
        + ["resnet18-blur", "resnet50-blur", "resnet50-average", "resnet50-d-blur", "resnet50-d-average"]
        + ["resnet50-dilated-8", "resnet50-dilated-16", "resnet101-dilated-8", "resnet50-d-dilated-8"]
        + ["silu", "gelu", "leaky"].map { "resnet18-" + $0 }),
  ]

  /// Every registered name.
  public static let names: [String] = families.flatMap(\.names)

  /// Those of the paper's networks, which have their own place in recognising weights.
  static let paperNames: [String] = paperFamilies.flatMap(\.names)

  /// The network that `name` stands for, with `classes` logits instead of 1000 (ImageNet) or 10 (CIFAR) if given.
  public static func description(
    named name: String, classes: Int? = nil
  ) throws(UnknownModel) -> NetworkDescription {
    guard let found = ModelName(name)?.description(classes: classes), (try? found.validate()) != nil else {
      throw UnknownModel(name: name, nearest: nearestNames(to: name, among: names, count: 4))
    }
    return found
  }

  /// Networks plain, with ED and with two convolutions.
  private static func paths(_ plain: [String], gate: String = "") -> [String] {
    plain.flatMap { name in ["", "ed-", "twoconv-"].map { gate + $0 + name } }
  }
}
