/// Reads safetensors files: an 8-byte little-endian header length, a JSON header, then the tensors' bytes without
/// holes or overlaps.
enum SafetensorsReader {
  /// The tensors in the order of their data, and the metadata.
  static func read(
    _ source: ByteSource
  ) throws(CheckpointError) -> (entries: [Checkpoint.Entry], metadata: [String: String]) {
    var reader = ByteReader(source, part: "its header")
    let length = try reader.integer(UInt64.self)
    guard length <= UInt64(SafetensorsHeader.maximumLength) else {
      throw .limitExceeded(
        path: source.path, part: "its header", limit: "\(SafetensorsHeader.maximumLength) bytes")
    }
    let header = try SafetensorsHeader(try reader.take(Int(length)), path: source.path)
    let dataStart = reader.position

    // Empty tensors may share their offset with what follows, so the order of equal ones must not change.
    let order = header.items.indices.sorted {
      let (left, right) = (header.items[$0].range, header.items[$1].range)
      return (left.lowerBound, left.upperBound, $0) < (right.lowerBound, right.upperBound, $1)
    }
    var entries: [Checkpoint.Entry] = []
    entries.reserveCapacity(order.count)
    var covered = 0
    for item in order.lazy.map({ header.items[$0] }) {
      guard item.range.lowerBound >= covered else { throw .overlap(path: source.path, tensor: item.name) }
      guard item.range.lowerBound == covered else { throw .hole(path: source.path, before: item.name) }
      guard item.range.upperBound <= reader.remaining else {
        throw .truncated(path: source.path, part: "the data of its tensors")
      }
      covered = item.range.upperBound
      entries.append(
        Checkpoint.Entry(
          name: item.name, shape: item.shape, type: item.type,
          content: .stored(source: source, offset: dataStart + item.range.lowerBound, strides: nil)))
    }
    guard covered == reader.remaining else { throw .hole(path: source.path, before: nil) }
    return (entries, header.metadata)
  }
}
