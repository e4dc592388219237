/// The few classes and functions that saved weights, or saved arrays, need by name. None is ever called; the interpreter knows
/// what each would build.
enum PickleGlobal: Equatable {
  /// Which names are known.
  enum Vocabulary {
    /// Those of PyTorch's files, in which anything may stand beside the weights: a placeholder stands for it.
    case weights
    /// Those of NumPy's arrays.
    case arrays
  }

  case orderedDictionary
  /// `torch._utils._rebuild_tensor` and its second version, whose further arguments do not matter here.
  case rebuildTensor
  /// The third version, which names the element type.
  case rebuildTypedTensor
  /// `_rebuild_parameter` and `_rebuild_parameter_with_state`: a tensor that is trained.
  case rebuildParameter
  /// `_rebuild_from_type_v2`, which calls another one for a tensor with attributes.
  case rebuildFromType
  /// `torch.Size`, a tuple.
  case size
  /// `torch.device`, which plays no part here.
  case device
  /// A storage class; nil for bytes without a type.
  case storage(ElementType?)
  /// Such as `torch.float32`.
  case elementType(ElementType)
  /// `numpy.ndarray`, the class of arrays.
  case array
  /// `numpy.core.multiarray._reconstruct`, which makes an empty array.
  case rebuildArray
  /// `numpy.dtype`.
  case arrayType
  /// `_codecs.encode`, by which Python 3 writes byte strings that Python 2 can read.
  case encode

  /// The entry of the allow-list, or nil.
  init?(module: String, name: String, in vocabulary: Vocabulary) {
    switch vocabulary {
    case .weights: self.init(weights: module, name)
    case .arrays: self.init(arrays: module, name)
    }
  }

  private init?(arrays module: String, _ name: String) {
    switch (module, name) {
    case ("numpy", "ndarray"): self = .array
    case ("numpy", "dtype"): self = .arrayType
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
      self = .rebuildArray
    case ("_codecs", "encode"): self = .encode
    default: return nil
    }
  }

  private init?(weights module: String, _ name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .rebuildParameter
    case ("torch._tensor", "_rebuild_from_type_v2"): self = .rebuildFromType
    case ("torch", "Size"): self = .size
    case ("torch", "device"): self = .device
    case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): self = .storage(nil)
    case ("torch", _), ("torch.cuda", _):
      if let type = Self.storages[name] {
        self = .storage(type)
      } else if module == "torch", let type = Self.types[name] {
        self = .elementType(type)
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storages: [String: ElementType] = [
    "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "DoubleStorage": .f64,
    "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8,
    "BoolStorage": .bool, "ComplexFloatStorage": .c64,
  ]

  private static let types: [String: ElementType] = [
    "float32": .f32, "float16": .f16, "bfloat16": .bf16, "float64": .f64, "int64": .i64, "int32": .i32,
    "int16": .i16, "int8": .i8, "uint8": .u8, "uint16": .u16, "uint32": .u32, "uint64": .u64, "bool": .bool,
    "complex64": .c64, "float8_e5m2": .f8e5m2, "float8_e4m3fn": .f8e4m3, "float8_e8m0fnu": .f8e8m0,
  ]
}
