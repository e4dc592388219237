/// The order, types and header of a safetensors file that is to be written.
struct SafetensorsLayout {
  let items: [(entry: Checkpoint.Entry, type: ElementType)]
  /// Length, JSON and padding.
  let header: [UInt8]

  init(_ checkpoint: Checkpoint, precision: Checkpoint.Precision, path: String) throws(CheckpointError) {
    let rank = Dictionary(uniqueKeysWithValues: ElementType.allCases.enumerated().map { ($1, $0) })
    items = checkpoint.map { (entry: $0, type: $0.type.isFloatingPoint ? precision.type : $0.type) }
      .sorted { left, right in
        let (leftRank, rightRank) = (rank[left.type, default: 0], rank[right.type, default: 0])
        guard leftRank == rightRank else { return leftRank > rightRank }
        return left.entry.name.utf8.lexicographicallyPrecedes(right.entry.name.utf8)
      }
    var json = JSONText()
    json.append("{")
    if !checkpoint.metadata.isEmpty {
      json.append("\"\(SafetensorsHeader.metadataKey)\":{")
      let pairs = checkpoint.metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (position, (key, value)) in pairs.enumerated() {
        if position > 0 { json.append(",") }
        json.append(quoting: key)
        json.append(":")
        json.append(quoting: value)
      }
      json.append(items.isEmpty ? "}" : "},")
    }
    var offset = 0
    for (position, item) in items.enumerated() {
      guard item.entry.name != SafetensorsHeader.metadataKey else {
        throw .reservedName(path: path, name: item.entry.name)
      }
      let end = offset + item.entry.count * item.type.byteCount
      if position > 0 { json.append(",") }
      json.append(quoting: item.entry.name)
      let shape = item.entry.shape.map(String.init).joined(separator: ",")
      json.append(":{\"dtype\":\"\(item.type.rawValue)\",\"shape\":[\(shape)]")
      json.append(",\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    json.append("}")
    json.pad(toMultipleOf: 64, after: 8)
    guard json.bytes.count <= SafetensorsHeader.maximumLength else {
      throw .limitExceeded(path: path, part: "its header", limit: "\(SafetensorsHeader.maximumLength) bytes")
    }
    header = withUnsafeBytes(of: UInt64(json.bytes.count).littleEndian, Array.init) + json.bytes
  }
}
