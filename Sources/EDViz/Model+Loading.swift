import CDefaultModel

extension Model {
  /// The model that edviz brings along: small, and enough to show something true on any photograph.
  public static func bundled() throws -> Model {
    try Model(checkpoint: Checkpoint(bytes: bundledBytes, path: "default.safetensors"))
  }

  /// SHA-256 of the bundled weight file.
  public static var bundledSHA256: String { SHA256.hexadecimal(of: UnsafeRawBufferPointer(bundledBytes)) }

  /// The bundled weight file, in safetensors format.
  public static var bundledBytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: edviz_default_model_start, count: edviz_default_model_size)
  }
}
