import Files

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
