import Checkpoints

/// A registered network that a checkpoint almost fits, and what differs.
public struct NearestNetwork: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// Every difference in stem and blocks, by the file's own names.
  public let mismatch: CheckpointError.Mismatch

  /// Number of tensors that differ.
  public var count: Int { mismatch.missing.count + mismatch.unexpected.count + mismatch.misshaped.count }
}

extension ModelRegistry {
  /// Networks that are compared tensor by tensor: those whose number of blocks is nearest.
  private static let mostCompared = 80

  /// The networks that differ least from a checkpoint, the nearest first; none if no residual block is known by its name.
  public static func nearest(to checkpoint: Checkpoint, count: Int) throws -> [NearestNetwork] {
    nearest(to: try NetworkTensors(checkpoint), count: count)
  }

  /// The networks that differ least from stem and blocks of a checkpoint, the nearest first; none if no block is known.
  static func nearest(to parts: NetworkTensors, count: Int) -> [NearestNetwork] {
    let blocks = blockCount(of: parts.body)
    guard blocks > 0 else { return [] }
    let near = candidates(for: parts.body, among: names).compactMap { name in
      (try? description(named: name)).map { (name: name, description: $0) }
    }.enumerated().sorted {
      let (left, right) = (
        abs($0.element.description.blockCount - blocks), abs($1.element.description.blockCount - blocks)
      )
      return (left, $0.offset) < (right, $1.offset)
    }.prefix(mostCompared)
    let compared = near.compactMap { near -> NearestNetwork? in
      guard let expected = bodyParameters(of: near.element.description) else { return nil }
      let mismatch = parts.body.mismatch(with: expected)
      return NearestNetwork(
        name: near.element.name,
        mismatch: mismatch.map(parts.own) ?? .init(missing: [], unexpected: [], misshaped: []))
    }
    return Array(
      compared.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
        .map(\.element).prefix(count))
  }

  static func nearest(to parts: NetworkTensors) -> NearestNetwork? { nearest(to: parts, count: 1).first }
}
