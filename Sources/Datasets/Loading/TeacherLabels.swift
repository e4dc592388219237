import Checkpoints
import FoundationEssentials
import Glibc
import Tensors

/// What another network says of each picture of a dataset, place by place, so that each crop of it has targets of its own
/// (Yun et al., "Re-labeling ImageNet: from single to multi-labels, from global to localized labels", 2021).
///
/// A file of them is in the safetensors format: a tensor `logits` [N, h, w, classes] of any type of floats, and as metadata
/// `pictures` and `classes`, JSON lists of the names in the order of both axes. A picture's name is the end of its path. A tensor
/// `features` [N, h, w, C] may stand beside it.
public struct TeacherLabels: Sendable {
  /// How logits become shares of classes.
  public enum Activation: Sendable {
    /// They sum to 1.
    case softmax
    /// A yes-or-no question for each class.
    case sigmoid
  }

  private let logits: Tensor
  /// The teacher's features, if they were asked for.
  public let features: Features?

  /// Reads a file for a dataset.
  /// - Throws: `DatasetError`, also where pictures or classes are others, or in another order.
  /// - Parameter givesFeatures: whether the features are wanted; the file must have them then.
  public init(
    contentsOf path: String, for dataset: any Dataset, givesFeatures: Bool = false
  ) throws(DatasetError) {
    func damaged(_ reason: String) -> DatasetError { .damaged(path: path, reason: reason) }
    let found: (file: Checkpoint, logits: Tensor?)
    do throws(CheckpointError) {
      let file = try Checkpoint(contentsOf: path)
      found = (file, try file["logits"]?.tensor())
    } catch { throw .checkpoint(error) }
    guard let logits = found.logits else { throw damaged("it has no tensor 'logits'") }
    guard logits.shape.count == 4, logits.count > 0 else {
      throw damaged("'logits' is \(logits.shape), not [pictures, rows, columns, classes]")
    }
    self.logits = logits
    func names(_ key: String, _ axis: Int) throws(DatasetError) -> [String] {
      let text = Data((found.file.metadata[key] ?? "").utf8)
      guard let names = try? JSONDecoder().decode([String].self, from: text),
        names.count == logits.shape[axis]
      else { throw damaged("its metadata has no list '\(key)' of \(logits.shape[axis]) names") }
      return names
    }
    let (pictures, classes) = (try names("pictures", 0), try names("classes", 3))
    guard pictures.count == dataset.count else {
      throw damaged("it is of \(pictures.count) pictures, but there are \(dataset.count)")
    }
    guard classes == dataset.classes else { throw damaged("its classes are not those of the pictures") }
    for (position, name) in pictures.enumerated() {
      let own = dataset.name(at: position)
      guard own == name || own.hasSuffix("/" + name) || own.hasSuffix(":" + name) else {
        throw damaged("its picture \(position) is '\(name)' where the dataset has '\(own)'")
      }
    }
    guard logits.isFinite else { throw damaged("'logits' holds values that are not finite") }
    features = givesFeatures ? try Self.features(in: found.file, pictures: pictures.count, damaged) : nil
  }

  /// The shares of classes in a part of a picture: of the mean of the logits there, weighted by how much of each cell is in
  /// the part; of the nearest cells if it lies outside.
  func shares(at position: Int, in view: PictureView, _ activation: Activation) -> [Float] {
    let (height, width, classes) = (logits.shape[1], logits.shape[2], logits.shape[3])
    let columns = Self.weights(view.left, view.right, cells: width)
    let rows = Self.weights(view.top, view.bottom, cells: height)
    var mean = [Float](repeating: 0, count: classes)
    logits.withUnsafeElements { values in
      for (y, row) in rows.enumerated() where row > 0 {
        for (x, column) in columns.enumerated() where column > 0 {
          let start = ((position * height + y) * width + x) * classes
          for i in 0..<classes { mean[i] += row * column * values[start + i] }
        }
      }
    }
    switch activation {
    case .sigmoid: return mean.map { 1 / (1 + exp(-$0)) }
    case .softmax:
      let peak = mean.max() ?? 0
      let powers = mean.map { exp($0 - peak) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }

  /// The part of each cell that lies between two edges, over all parts.
  private static func weights(_ a: Double, _ b: Double, cells: Int) -> [Float] {
    let low = min(max(min(a, b), 0), 1) * Double(cells)
    let high = min(max(max(a, b), 0), 1) * Double(cells)
    guard high > low else {
      let nearest = min(Int(low), cells - 1)
      return (0..<cells).map { $0 == nearest ? 1 : 0 }
    }
    return (0..<cells).map { cell in
      Float(max(0, min(high, Double(cell + 1)) - max(low, Double(cell))) / (high - low))
    }
  }
}
