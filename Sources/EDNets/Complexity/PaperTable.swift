import Networks
import Tensors

/// What the paper prints of its networks' complexity, to stand beside what follows from their architecture.
public struct PaperTable: Sendable {
  /// One model.
  public struct Row: Sendable {
    /// The paper's name.
    public let label: String
    /// The registered name.
    public let model: String
    /// Printed parameters in millions.
    public let parameters: Double?
    /// Printed multiply-accumulates in thousands of millions; the paper calls them FLOPs.
    public let multiplyAccumulates: Double?
    /// Places in `footnotes`.
    public let notes: [Int]

    init(_ label: String, _ model: String, parameters: Double? = nil, macs: Double? = nil, notes: [Int] = [])
    {
      self.label = label
      self.model = model
      self.parameters = parameters
      multiplyAccumulates = macs
      self.notes = notes
    }
  }

  /// Roman, as the paper counts.
  public let number: String
  /// What it is about.
  public let title: String
  /// Its models.
  public let rows: [Row]
  /// Where the paper disagrees with itself or with its architecture.
  public let footnotes: [String]

  /// The tables that print complexity.
  public static let all: [PaperTable] = [one, three, six, eighteen]

  /// Where a model's complexity is printed: "Table III prints 51.4 M parameters".
  public static func printed(model: String) -> [(table: PaperTable, row: Row)] {
    all.flatMap { table in table.rows.filter { $0.model == model }.map { (table, $0) } }
  }

  private static let one = PaperTable(
    number: "I", title: "ResNet-50 and ED-ResNet-50",
    rows: [
      Row("ResNet-50", "resnet50", parameters: 25.5, macs: 4.1),
      Row("ED-ResNet-50", "ed-resnet50", parameters: 27.7, macs: 4.3, notes: [0]),
    ],
    footnotes: [
      "The architecture that the table shows has 28.42 M parameters; Table III prints 26.7 M for the same network."
    ])

  private static let three = PaperTable(
    number: "III", title: "ResNets on ImageNet-1K: parameters and FLOPs",
    rows: [
      Row("ResNet-50", "resnet50", parameters: 25.5, macs: 4.1, notes: [0]),
      Row("ResNet-50 + ED", "ed-resnet50", parameters: 26.7, macs: 4.3, notes: [1]),
      Row("ResNet-101", "resnet101", parameters: 49.1, macs: 7.9, notes: [2]),
      Row("ResNet-101 + ED", "ed-resnet101", parameters: 51.4, macs: 8.2, notes: [2]),
      Row("ResNet-152", "resnet152", parameters: 72.8, macs: 11.7, notes: [2]),
      Row("ResNet-152 + ED", "ed-resnet152", parameters: 76.3, macs: 12.2, notes: [2]),
    ],
    footnotes: [
      "Printed as 4.1 × 10⁶, which must be 10⁹: Tables I and VI print 4.1 × 10⁹.",
      "Table I prints 27.7 M for the same network.",
      "The printed parameters do not follow from the architecture: torchvision's ResNet-101 and -152 have 44.55 M and "
        + "60.19 M, as computed here.",
    ])

  private static let six = PaperTable(
    number: "VI", title: "Light ED-Nets on ImageNet-1K: FLOPs",
    rows: [
      Row("ResNet-50", "resnet50", macs: 4.1),
      Row("ED-ResNet-50-A", "ed-resnet50-a", macs: 4.0),
      Row("ED-ResNet-50-B", "ed-resnet50-b", macs: 2.1, notes: [0]),
      Row("ResNet-101", "resnet101", macs: 7.9),
      Row("ED-ResNet-101-A", "ed-resnet101-a", macs: 7.8),
      Row("ED-ResNet-101-B", "ed-resnet101-b", macs: 3.9, notes: [0]),
      Row("ResNet-152", "resnet152", macs: 11.7),
      Row("ED-ResNet-152-A", "ed-resnet152-a", macs: 11.5),
      Row("ED-ResNet-152-B", "ed-resnet152-b", macs: 5.6, notes: [0]),
      Row("ResNeXt-50", "resnext50", macs: 4.2),
      Row("ED-ResNeXt-50-A", "ed-resnext50-a", macs: 4.2),
      Row("ED-ResNeXt-50-B", "ed-resnext50-b", macs: 2.9, notes: [0]),
      Row("ResNeXt-101", "resnext101", macs: 8.0),
      Row("ED-ResNeXt-101-A", "ed-resnext101-a", macs: 7.9),
      Row("ED-ResNeXt-101-B", "ed-resnext101-b", macs: 5.4, notes: [0]),
    ],
    footnotes: [
      "Computed with half of the 3×3 filters and of the 1×1 filters before them, and with ED at its full width, as the "
        + "text says: up to 15 % less than printed."
    ])

  private static let eighteen = PaperTable(
    number: "XVIII", title: "CIFAR-10 ResNets with and without groups in ED: parameters",
    rows: [
      (20, 0.27, 0.56, 0.30), (32, 0.46, 0.94, 0.51), (44, 0.66, 1.34, 0.72), (56, 0.85, 1.73, 0.92),
      (110, 1.70, 3.40, 1.84),
    ]
    .flatMap { (depth: Int, plain: Double, whole: Double, grouped: Double) in
      [
        Row("ResNet-\(depth)", "cifar-resnet\(depth)", parameters: plain),
        Row("ResNet-\(depth), ED w/o group", "cifar-ed-resnet\(depth)-g1", parameters: whole),
        Row("ResNet-\(depth), ED with group", "cifar-ed-resnet\(depth)", parameters: grouped, notes: [0]),
      ]
    },
    footnotes: [
      "With 16 groups, as the caption says. What is printed differs by up to 0.02 M from what follows from the architecture, by 0.08 M at depth 110 without groups."
    ])
}

extension PaperTable {
  /// The table of a number, in any case of letters.
  public init?(number: String) {
    guard let found = Self.all.first(where: { $0.number == number.uppercased() }) else { return nil }
    self = found
  }
}
