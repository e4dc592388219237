import Tensors

/// Why a network cannot become an ONNX file.
public enum ONNXError: Error, Hashable, Sendable {
  /// Images of this size leave nothing of some map.
  case imagesTooSmall(size: Size2D)
  /// An output has the name of another value.
  case nameTaken(String)
  /// An operator of the network has no translation.
  case noTranslation(String)
  /// The file would be longer than one protobuf message may be.
  case tooLarge(path: String, bytes: Int)
}

extension ONNXError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .imagesTooSmall(let size): "images of \(size) pixels are too small for the network"
    case .nameTaken(let name):
      "'\(name)' cannot be the name of an output: it is that of another output, the input or a parameter"
    case .noTranslation(let name): "the operator '\(name)' has no translation to ONNX"
    case .tooLarge(let path, let bytes):
      "\(path): the network would take \(bytes >> 20) MiB, but an ONNX file must be smaller than 2048"
    }
  }
}
