/// The JSON at the start of a safetensors file, with each tensor checked by itself.
///
/// Format: https://github.com/huggingface/safetensors, section "Format". Stricter than JSON where a file could mean
/// two things: no key may come twice, and a tensor has exactly the three fields of the format.
struct SafetensorsHeader {
  /// The reference implementation refuses longer ones, too.
  static let maximumLength = 100_000_000
  /// The key that holds text in place of a tensor.
  static let metadataKey = "__metadata__"

  struct Item {
    var name: String
    var type: ElementType
    var shape: [Int]
    /// Bytes from the start of the data, of the size that type and shape ask for.
    var range: Range<Int>
  }

  private(set) var items: [Item] = []
  private(set) var metadata: [String: String] = [:]

  /// Parses the header's bytes. Ranges are consistent in themselves, not yet with each other or the file.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
    var cursor = JSONCursor(bytes, path: path)
    var items: [Item] = []
    var metadata: [String: String]?
    try cursor.object { cursor, name throws(CheckpointError) in
      if name == Self.metadataKey {
        guard metadata == nil else { throw .duplicateName(path: path, name: name) }
        metadata = try Self.metadata(&cursor, path: path)
      } else {
        items.append(try Self.item(name, &cursor, path: path))
      }
    }
    guard cursor.isAtEnd() else { throw cursor.malformed("something follows the closing brace") }
    self.items = items
    self.metadata = metadata ?? [:]
  }

  private static func metadata(
    _ cursor: inout JSONCursor, path: String
  ) throws(CheckpointError) -> [String: String] {
    var metadata: [String: String] = [:]
    try cursor.object { cursor, key throws(CheckpointError) in
      guard metadata.updateValue(try cursor.string(), forKey: key) == nil else {
        throw .duplicateName(path: path, name: key)
      }
    }
    return metadata
  }

  private static func item(
    _ name: String, _ cursor: inout JSONCursor, path: String
  ) throws(CheckpointError) -> Item {
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try cursor.object { cursor, key throws(CheckpointError) in
      switch key {
      case "dtype" where typeName == nil: typeName = try cursor.string()
      case "shape" where shape == nil: shape = try cursor.integers(atMost: TensorExtent.maximumRank)
      case "data_offsets" where offsets == nil: offsets = try cursor.integers(atMost: 2)
      default: throw cursor.malformed("a tensor has an unknown or repeated field")
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
      throw cursor.malformed("a tensor lacks its dtype, shape or data_offsets")
    }
    guard let type = ElementType(rawValue: typeName) else {
      throw .unknownType(path: path, tensor: name, type: typeName)
    }
    guard let count = TensorExtent.count(shape, elementSize: type.byteCount) else {
      throw .impossibleShape(path: path, tensor: name, shape: shape)
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin <= end else { throw .outOfBounds(path: path, tensor: name) }
    guard end - begin == count * type.byteCount else {
      throw .wrongSize(path: path, tensor: name, expected: count * type.byteCount, found: end - begin)
    }
    return Item(name: name, type: type, shape: shape, range: begin..<end)
  }
}
