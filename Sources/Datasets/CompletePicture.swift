import Images

/// Decoding for learning, where half a picture is worse than none.
enum CompletePicture {
  /// The picture in the bytes of a file that errors call `file`.
  /// - Throws: `ImageError`, also for a JPEG that ends early, the rest of which would be grey. Pillow refuses these too;
  ///   other complaints of the decoder leave a picture as it was meant.
  static func decode(_ bytes: [UInt8], file: String) throws(ImageError) -> Image {
    let decoded = try ImageDecoder().decode(bytes, file: file)
    // libjpeg's own words, which it has had since 1991.
    if let warning = decoded.warning, warning.hasPrefix("Premature end") {
      throw .damaged(file: file, format: "JPEG", reason: "it ends early")
    }
    return decoded.image
  }
}
