extension Image {
  /// Reads a picture file; what the file is, its bytes say, not its name.
  /// - Throws: `FileError` if the file cannot be read, `ImageError` if it holds no picture that can be
  /// decoded.
  public init(contentsOf path: String, limits: ImageLimits = .standard) throws {
    self = try ImageDecoder(limits: limits).decode(contentsOf: path).image
  }

  /// Decodes the bytes of a picture file that errors call `file`.
  public init(decoding bytes: [UInt8], file: String, limits: ImageLimits = .standard) throws(ImageError) {
    self = try ImageDecoder(limits: limits).decode(bytes, file: file).image
  }
}
