import CImageFormats

/// A JPEG file, which can be decoded at a fraction of its size.
struct JPEGFile: PictureFile {
  let width: Int
  let height: Int
  /// Size before the reduction.
  let fullWidth: Int, fullHeight: Int
  var maximumScans = ImageLimits.standard.maximumScans
  private let bytes: UnsafeRawBufferPointer
  private let reduction: Int32

  var orientation: Orientation { Orientation(jpeg: bytes) }
  private var start: UnsafePointer<UInt8>? { bytes.assumingMemoryBound(to: UInt8.self).baseAddress }

  init(_ bytes: UnsafeRawBufferPointer) throws(PictureFault) { try self.init(bytes, reduction: 1) }

  /// - Parameter reduction: the divisor of both sides: 1, 2, 4 or 8.
  private init(_ bytes: UnsafeRawBufferPointer, reduction: Int32) throws(PictureFault) {
    self.bytes = bytes
    self.reduction = reduction
    var (message, full, reduced) = (edviz_message(), edviz_size(), edviz_size())
    let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    let status = edviz_jpeg_size(start, bytes.count, reduction, &full, &reduced, &message)
    (width, height) = (Int(reduced.width), Int(reduced.height))
    (fullWidth, fullHeight) = (Int(full.width), Int(full.height))
    try LibraryFile.check(status, message, full)
  }

  /// The same file at the largest reduction that leaves the short side at least this long.
  func reduced(toShortSide sufficient: Int) throws(PictureFault) -> JPEGFile {
    let short = min(fullWidth, fullHeight)
    guard let divisor = [8, 4, 2].first(where: { short / $0 >= sufficient }) else { return self }
    var file = try JPEGFile(bytes, reduction: Int32(divisor))
    file.maximumScans = maximumScans
    return file
  }

  func write(channels: Int, to target: UnsafeMutableBufferPointer<UInt8>) throws(PictureFault) -> String? {
    var message = edviz_message()
    let scans = Int32(clamping: maximumScans)
    let pixels = width * height
    let status = edviz_jpeg_decode(
      start, bytes.count, reduction, scans, target.baseAddress, pixels * 3, &message)
    try LibraryFile.check(status, message)
    if channels == 4 {
      // From the end, so that nothing is written over before it is read.
      for pixel in stride(from: pixels - 1, through: 0, by: -1) {
        let color = (target[pixel * 3], target[pixel * 3 + 1], target[pixel * 3 + 2])
        (target[pixel * 4], target[pixel * 4 + 1], target[pixel * 4 + 2]) = color
        target[pixel * 4 + 3] = 255
      }
    }
    return LibraryFile.text(message)
  }
}
