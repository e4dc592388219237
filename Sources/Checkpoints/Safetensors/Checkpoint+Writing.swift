import Files
import Tensors

extension Checkpoint {
  /// The type in which floating-point tensors are written.
  public enum Precision: Sendable {
    case f32
    /// Rounded to nearest, ties to even; values beyond ±65 504 become infinite.
    case f16
    /// Rounded to nearest, ties to even.
    case bf16

    var type: ElementType {
      switch self {
      case .f32: .f32
      case .f16: .f16
      case .bf16: .bf16
      }
    }
  }

  /// Writes a safetensors file: whole, or not at all.
  ///
  /// Floating-point tensors are converted to `precision`; all others keep their type and bits. The layout is the
  /// reference implementation's: metadata first (its keys sorted here), then tensors by type, widest first, and
  /// by the bytes of their names. The header is padded with spaces so that the data starts at a multiple of 64
  /// bytes. At most one tensor at a time is in memory, and an F32 one of a mapped file not even that.
  ///
  /// - Throws: `CheckpointError.file` if the path cannot be written, `reservedName` for a tensor called
  ///   `__metadata__`, `limitExceeded` for a header longer than readers accept. What stood at `path` is then
  ///   untouched.
  public func write(to path: String, precision: Precision = .f32) throws(CheckpointError) {
    let layout = try SafetensorsLayout(self, precision: precision, path: path)
    do throws(FileError) {
      let file = try AtomicFile(path: path)
      try layout.header.withUnsafeBufferPointer { buffer throws(FileError) in
        try file.write(UnsafeRawBufferPointer(buffer))
      }
      for item in layout.items {
        try SafetensorsWriter.write(item.entry, as: item.type, to: file)
      }
      try file.commit()
    } catch {
      throw .file(error)
    }
  }
}

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

/// Writes the elements of one tensor.
enum SafetensorsWriter {
  /// Elements converted at a time.
  private static let chunk = 1 << 16

  static func write(
    _ entry: Checkpoint.Entry, as type: ElementType, to file: AtomicFile
  ) throws(FileError) {
    var failure: FileError?
    entry.withDenseBytes { bytes in
      do throws(FileError) {
        if entry.type == type {
          try file.write(UnsafeRawBufferPointer(start: bytes, count: entry.count * type.byteCount))
        } else {
          try convert(bytes, entry.type, count: entry.count, to: type, file)
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// F16, BF16, F32 and F64 to F32, F16 or BF16, by way of F32.
  private static func convert(
    _ source: UnsafeRawPointer, _ sourceType: ElementType, count: Int, to type: ElementType,
    _ file: AtomicFile
  ) throws(FileError) {
    let size = min(chunk, count)
    let floats = UnsafeMutablePointer<Float>.allocate(capacity: size)
    defer { floats.deallocate() }
    let halves = UnsafeMutablePointer<UInt16>.allocate(capacity: size)
    defer { halves.deallocate() }
    var position = 0
    while position < count {
      let part = min(size, count - position)
      sourceType.decode(source + position * sourceType.byteCount, count: part, into: floats)
      switch type {
      case .f16: HalfPrecision.encodeF16(floats, count: part, into: halves)
      case .bf16: HalfPrecision.encodeBF16(floats, count: part, into: halves)
      default: break
      }
      let converted = type == .f32 ? UnsafeRawPointer(floats) : UnsafeRawPointer(halves)
      try file.write(UnsafeRawBufferPointer(start: converted, count: part * type.byteCount))
      position += part
    }
  }
}
