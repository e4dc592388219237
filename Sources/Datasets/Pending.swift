import Tensors

public enum DatasetSplit: String, Codable, CaseIterable, Hashable, Sendable { case train, test, val }
public struct DatasetSource: Codable, Hashable, Sendable {
  public var path: String
  public var format: String
  public var split: DatasetSplit?
  public var root: String?
  public var classes: [String]?
  public init(
    path: String, format: String = "auto", split: DatasetSplit? = nil, root: String? = nil,
    classes: [String]? = nil
  ) {
    self.path = path
    self.format = format
    self.split = split
    self.root = root
    self.classes = classes
  }
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      path: try values.decode(String.self, forKey: .path),
      format: try values.decodeIfPresent(String.self, forKey: .format) ?? "auto",
      split: try values.decodeIfPresent(DatasetSplit.self, forKey: .split),
      root: try values.decodeIfPresent(String.self, forKey: .root),
      classes: try values.decodeIfPresent([String].self, forKey: .classes))
  }
  public func open() throws -> any Dataset { fatalError() }
}
public enum Augmentation: String, Codable, Hashable, Sendable { case flip }
public struct Batch: Sendable {
  public var images: Tensor
  public var targets: Tensor
  public var labels: [Int]
  public var positions: [Int]
  public var index: Int
  public init(images: Tensor, targets: Tensor, labels: [Int], positions: [Int], index: Int) {
    self.images = images
    self.targets = targets
    self.labels = labels
    self.positions = positions
    self.index = index
  }
}
