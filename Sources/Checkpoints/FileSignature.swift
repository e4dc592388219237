/// Tells formats apart by their first bytes.
enum FileSignature {
  /// The format that `bytes` begin like, or nil.
  ///
  /// safetensors comes first: its leading length can look like either of the others' signatures, but neither of
  /// those has a brace as its ninth byte (no zip compression method and no start of a torch pickle is that).
  static func format(of bytes: UnsafeRawBufferPointer) -> Checkpoint.Format? {
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return .safetensors }
    let isZip = bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4b, 0x05, 0x06])
    if isZip { return .pyTorchArchive }
    if bytes.count > 1, bytes[0] == 0x80, (2...5).contains(bytes[1]) { return .pyTorchLegacy }
    return nil
  }
}
