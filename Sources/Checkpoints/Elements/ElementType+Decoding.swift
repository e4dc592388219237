extension ElementType {
  /// Converts `count` little-endian elements at any alignment to 32-bit floats.
  ///
  /// F32, F16, BF16, BOOL and integers up to 16 bits convert exactly; F64 and wider integers round to nearest.
  /// The type must be convertible. Elements are taken as they lie: all machines that Swift runs on are little-endian.
  func decode(_ source: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<Float>) {
    switch self {
    case .f32:
      UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * 4)
    case .f16:
      Self.convert(UInt16.self, source, count, target) { Float(bitPattern: HalfPrecision.float32(f16: $0)) }
    case .bf16:
      Self.convert(UInt16.self, source, count, target) { Float(bitPattern: UInt32($0) << 16) }
    case .f64: Self.convert(Double.self, source, count, target) { Float($0) }
    case .bool: Self.convert(UInt8.self, source, count, target) { $0 == 0 ? 0 : 1 }
    case .u8: Self.convert(UInt8.self, source, count, target) { Float($0) }
    case .i8: Self.convert(Int8.self, source, count, target) { Float($0) }
    case .u16: Self.convert(UInt16.self, source, count, target) { Float($0) }
    case .i16: Self.convert(Int16.self, source, count, target) { Float($0) }
    case .u32: Self.convert(UInt32.self, source, count, target) { Float($0) }
    case .i32: Self.convert(Int32.self, source, count, target) { Float($0) }
    case .u64: Self.convert(UInt64.self, source, count, target) { Float($0) }
    case .i64: Self.convert(Int64.self, source, count, target) { Float($0) }
    case .f8e5m2, .f8e4m3, .f8e8m0, .c64:
      preconditionFailure("\(rawValue) has no conversion to floats")
    }
  }

  @inline(__always)
  private static func convert<T: BitwiseCopyable>(
    _: T.Type, _ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutablePointer<Float>,
    _ float: (T) -> Float
  ) {
    for index in 0..<count {
      let element = source.loadUnaligned(fromByteOffset: index &* MemoryLayout<T>.size, as: T.self)
      target[index] = float(element)
    }
  }
}
