import Files

extension Checkpoint {
  /// The type in which floating-point tensors are written.
  public enum Precision: String, CaseIterable, Sendable {
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
  /// - Parameter durable: whether the file is on the disk, and not only on its way, when this returns.
  /// - Throws: `FileError` if the path cannot be written, as every writer does; `CheckpointError.reservedName` for a
  ///   tensor called `__metadata__`, `limitExceeded` for a header longer than readers accept. What stood at `path` is
  ///   then untouched.
  public func write(
    to path: String, precision: Precision = .f32, durable: Bool = false
  ) throws {
    let layout = try SafetensorsLayout(self, precision: precision, path: path)
    let file = try AtomicFile(path: path)
    try layout.header.withUnsafeBytes { try file.write($0) }
    for item in layout.items {
      try SafetensorsWriter.write(item.entry, as: item.type, to: file)
    }
    try file.commit(durable: durable)
  }
}
