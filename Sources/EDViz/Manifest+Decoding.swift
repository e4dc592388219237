extension Manifest.Input {
  /// Notes what was wrong with the file of a picture although it could be read.
  public mutating func note(_ decoded: DecodedImage) {
    if let warning = decoded.warning { warnings.append(warning) }
    if decoded.isIncomplete { isIncomplete = true }
  }
}
