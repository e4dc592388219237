import Files
import Glibc
import Networks
import Tensors

/// How well logits name classes, gathered batch by batch.
public struct ClassificationScore: Sendable {
  /// Number of classes.
  public let classes: Int
  /// What the loss is computed as.
  public let loss: Loss
  /// Pictures so far.
  public private(set) var count = 0
  /// Pictures whose class has the highest logit.
  public private(set) var top1 = 0
  /// Pictures whose class is among the five highest logits.
  public private(set) var top5 = 0
  /// Sum of the losses of all pictures, for plain labels.
  public private(set) var lossSum = 0.0
  /// Pictures of class `row` that were called `column`, in row-major order; empty above `largestMatrix` classes.
  public private(set) var confusion: [Int]
  /// Pictures of each class, those that were called so, and those that were rightly called so.
  private var counts: [(all: Int, called: Int, right: Int)]

  /// More classes than this have no confusion matrix: it would need more memory than the network.
  public static let largestMatrix = 2000

  /// A score without pictures.
  public init(classes: Int, loss: Loss = .softmax) {
    self.classes = classes
    self.loss = loss
    confusion = [Int](repeating: 0, count: classes <= Self.largestMatrix ? classes * classes : 0)
    counts = Array(repeating: (0, 0, 0), count: classes)
  }

  /// Adds a batch: logits [N, classes] and the class of each picture.
  ///
  /// Of equal logits the first is the higher; a logit that is not a number is the lowest.
  public mutating func add(logits: Tensor, labels: [Int]) {
    precondition(logits.shape == [labels.count, classes], "a row of logits for each label")
    logits.withUnsafeElements { values in
      for (row, label) in labels.enumerated() {
        add(UnsafeBufferPointer(rebasing: values[row * classes..<(row + 1) * classes]), label)
      }
    }
  }

  private mutating func add(_ row: UnsafeBufferPointer<Float>, _ label: Int) {
    let (best, better) = Self.standing(of: label, in: row)
    count += 1
    if better == 0 { top1 += 1 }
    if better < 5 { top5 += 1 }
    counts[label].all += 1
    counts[best].called += 1
    if best == label { counts[label].right += 1 }
    if !confusion.isEmpty { confusion[label * classes + best] += 1 }
    lossSum += loss.value(row, label: label)
  }

  /// How many pictures have the highest logit for their own class, of logits [N, classes].
  static func hits(_ logits: Tensor, _ labels: [Int]) -> Int {
    let classes = logits.channels
    return logits.withUnsafeElements { values in
      labels.enumerated().count { row, label in
        let logits = UnsafeBufferPointer(rebasing: values[row * classes..<(row + 1) * classes])
        return standing(of: label, in: logits).better == 0
      }
    }
  }

  /// The class with the highest logit, and how many stand before one.
  private static func standing(
    of label: Int, in row: UnsafeBufferPointer<Float>
  ) -> (best: Int, better: Int) {
    precondition(row.indices.contains(label), "labels are positions among the classes")
    func stands(_ a: Int, before b: Int) -> Bool {
      if row[a] == row[b] || (row[a].isNaN && row[b].isNaN) { return a < b }
      return row[b].isNaN || row[a] > row[b]
    }
    var best = 0
    var better = 0
    for position in row.indices {
      if stands(position, before: best) { best = position }
      if stands(position, before: label) { better += 1 }
    }
    return (best, better)
  }

  /// Share of pictures that `top1` counts; 0 without pictures.
  public var top1Share: Double { share(top1, count) }
  /// Share of pictures that `top5` counts; 0 without pictures.
  public var top5Share: Double { share(top5, count) }
  /// Mean loss of a picture; 0 without pictures.
  public var meanLoss: Double { count > 0 ? lossSum / Double(count) : 0 }
}

private func share(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }

extension ClassificationScore {
  /// How well one class is named.
  public struct ClassRow: Codable, Hashable, Sendable {
    /// The class.
    public var name: String
    /// Its pictures.
    public var count: Int
    /// Pictures that were called so.
    public var predicted: Int
    /// Share of its pictures that were called so; 0 if it has none.
    public var top1: Double
    /// Share of the pictures called so that are of the class; 0 if there are none.
    public var precision: Double
  }

  /// One row for each class, named by its position if there are no names.
  public func rows(names: [String]) -> [ClassRow] {
    (0..<classes).map { label in
      let (count, predicted, right) = counts[label]
      return ClassRow(
        name: names.indices.contains(label) ? names[label] : "class \(label)", count: count,
        predicted: predicted, top1: share(right, count), precision: share(right, predicted))
    }
  }

  /// The rows of all classes as CSV, below a line of names.
  public func tableCSV(names: [String]) -> String {
    let lines = rows(names: names).map {
      "\(CSV.field($0.name)),\($0.count),\($0.predicted),\($0.top1),\($0.precision)\n"
    }
    return "class,count,predicted,top1,precision\n" + lines.joined()
  }

  /// The confusion matrix as CSV: a line of true class after a line of names; nil if there is none.
  public func confusionCSV(names: [String]) -> String? {
    guard classes <= Self.largestMatrix else { return nil }
    let names = rows(names: names).map { CSV.field($0.name) }
    let lines = names.enumerated().map { label, name in
      ([name] + confusion[label * classes..<(label + 1) * classes].map(String.init)).joined(separator: ",")
    }
    return ((["true class"] + names).joined(separator: ",") + "\n") + lines.map { $0 + "\n" }.joined()
  }
}

extension Loss {
  /// The loss of one picture with a plain label, in double precision and without a gradient.
  fileprivate func value(_ logits: UnsafeBufferPointer<Float>, label: Int) -> Double {
    switch self {
    case .softmax:
      let highest = Double(logits.max() ?? 0)
      let sum = logits.reduce(0.0) { $0 + exp(Double($1) - highest) }
      return log(sum) + highest - Double(logits[label])
    case .sigmoid:
      return logits.enumerated().reduce(0.0) { total, entry in
        // -log σ(x) for the class, -log σ(-x) for the others, without overflow.
        let x = entry.offset == label ? Double(entry.element) : -Double(entry.element)
        return total + max(-x, 0) + log(1 + exp(-abs(x)))
      }
    }
  }
}
