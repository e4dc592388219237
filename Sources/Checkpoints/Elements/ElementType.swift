/// How a checkpoint stores one element of a tensor. The raw value is the name safetensors gives it.
///
/// The cases stand in the order of the safetensors reference implementation, which sorts what it writes by it.
public enum ElementType: String, CaseIterable, Sendable {
  case bool = "BOOL"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e8m0 = "F8_E8M0"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case c64 = "C64"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  /// Bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .c64, .f64, .i64, .u64: 8
    }
  }

  /// True for the types that weights come in: F16, BF16, F32 and F64.
  public var isFloatingPoint: Bool {
    switch self {
    case .f16, .bf16, .f32, .f64: true
    default: false
    }
  }

  /// True if elements can be read as 32-bit floats. Eight-bit floats and complex numbers cannot.
  public var isConvertible: Bool {
    switch self {
    case .f8e5m2, .f8e4m3, .f8e8m0, .c64: false
    default: true
    }
  }
}
