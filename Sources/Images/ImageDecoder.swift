import Files

/// A picture, and what was wrong with its file although it could be read.
public struct DecodedImage: Hashable, Sendable {
  /// The upright picture.
  public let image: Image
  /// The first complaint of the decoder, such as data that ends early (the rest of the picture is then grey).
  public let warning: String?

  /// Whether the file ends early, so that the rest of the picture is grey.
  public var isIncomplete: Bool { Self.isIncomplete(warning) }

  /// By libjpeg's own words, which it has had since 1991.
  static func isIncomplete(_ warning: String?) -> Bool { warning?.hasPrefix("Premature end") ?? false }

  /// The picture, for those whose numbers must not be those of half a picture. Pillow refuses these too; other
  /// complaints of the decoder leave a picture as it was meant.
  /// - Throws: `ImageError.incomplete`.
  public func whole(file: String) throws(ImageError) -> Image {
    guard !isIncomplete else { throw .incomplete(file: file) }
    return image
  }
}

/// Reads pictures of every format that `ImageFormat` knows. The pixels are Pillow's `convert("RGB")` after
/// `ImageOps.exif_transpose`, except that transparency is composited over white and that of 16 bits the high byte is kept
/// in grey files too (OpenCV's rule, and Pillow's for colour). Gamma and colour profiles are ignored. Of an animation the
/// first frame is read, of a TIFF file with several pictures the first.
public struct ImageDecoder: Hashable, Sendable {
  /// What a file may ask for.
  public var limits: ImageLimits
  /// If set, a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as its short side stays at least
  /// this long: several times faster for photographs that are made small anyway. Nil decodes every pixel.
  public var sufficientShortSide: Int?

  /// A decoder of whole pictures within `limits`.
  public init(limits: ImageLimits = .standard, sufficientShortSide: Int? = nil) {
    self.limits = limits
    self.sufficientShortSide = sufficientShortSide
  }

  /// Reads the file at `path`.
  /// - Throws: `FileError` if the file cannot be read, `ImageError` if it holds no picture that can be
  /// decoded.
  public func decode(contentsOf path: String) throws -> DecodedImage {
    try decode(try FileBytes.read(path), file: path)
  }

  /// Decodes the bytes of a file that errors call `file`.
  public func decode(_ bytes: [UInt8], file: String) throws(ImageError) -> DecodedImage {
    try bytes.withUnsafeBufferPointer { buffer throws(ImageError) in
      try decode(UnsafeRawBufferPointer(buffer), file: file)
    }
  }

  /// Decodes the bytes of a file that errors call `file`.
  public func decode(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImageError) -> DecodedImage {
    let opened = try open(bytes, file: file)
    let picture = opened.picture
    let (pixels, warning) = try opened.naming { () throws(PictureFault) in
      try Self.samples(of: picture, channels: 3)
    }
    let image = Image(width: picture.width, height: picture.height, pixels: pixels)
    return DecodedImage(image: image.turned(upright: picture.orientation), warning: warning)
  }

  /// The size that a file's header announces, before the picture is turned upright; nothing is decoded.
  public func announcedSize(
    of bytes: UnsafeRawBufferPointer, file: String
  ) throws(ImageError) -> (width: Int, height: Int) {
    var whole = self
    whole.sufficientShortSide = nil
    let picture = try whole.open(bytes, file: file).picture
    return (picture.width, picture.height)
  }

  /// A file whose header was read and whose size is within the limits.
  struct Opened {
    let picture: any PictureFile
    let format: ImageFormat
    let file: String
    /// Most pixels that it may have.
    let maximumPixels: Int

    /// Does something with the file whose faults become errors that name it.
    func naming<Value>(_ body: () throws(PictureFault) -> Value) throws(ImageError) -> Value {
      do { return try body() } catch { throw ImageError(error, format, file, limit: maximumPixels) }
    }
  }

  /// Reads the header of a file and judges its size.
  func open(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImageError) -> Opened {
    guard !bytes.isEmpty else { throw .empty(file: file) }
    guard let format = ImageFormat(firstBytes: bytes) else { throw .unknownFormat(file: file) }
    let maximum = min(limits.maximumPixels, ImageLimits.ceiling)
    do {
      let picture: any PictureFile
      var size: (width: Int, height: Int)?
      switch format {
      case .jpeg:
        var whole = try JPEGFile(bytes)
        whole.maximumScans = limits.maximumScans
        size = (whole.width, whole.height)
        picture = try sufficientShortSide.map { try whole.reduced(toShortSide: $0) } ?? whole
      case .png: picture = try LibraryFile(bytes, LibraryFile.png)
      case .webp: picture = try LibraryFile(bytes, LibraryFile.webp)
      case .tiff: picture = try LibraryFile(bytes, LibraryFile.tiff)
      case .gif: picture = try LibraryFile(bytes, LibraryFile.gif)
      case .bmp: picture = try BMPFile(bytes)
      case .pnm: picture = try PNMFile(bytes)
      case .other(let name): throw ImageError.unreadFormat(file: file, format: name)
      }
      let (width, height) = size ?? (picture.width, picture.height)
      guard width > 0, height > 0, width <= ImageLimits.ceiling, width * height <= maximum else {
        throw PictureFault.tooLarge(width: width, height: height)
      }
      // Swift ends the process where an array's memory cannot be had.
      guard width * height * 3 <= PhysicalMemory.usable else { throw PictureFault.outOfMemory }
      return Opened(picture: picture, format: format, file: file, maximumPixels: maximum)
    } catch let error as ImageError {
      throw error
    } catch let fault as PictureFault {
      throw ImageError(fault, format, file, limit: maximum)
    } catch { throw .unknownFormat(file: file) }
  }

  /// The bytes of a picture's pixels, as `PictureFile.write(channels:to:)` leaves them.
  static func samples(
    of picture: some PictureFile, channels: Int
  ) throws(PictureFault) -> (samples: [UInt8], warning: String?) {
    let count = picture.width * picture.height * channels
    var result = Result<String?, PictureFault>.success(nil)
    let samples = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let target = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      do throws(PictureFault) {
        result = .success(try picture.write(channels: channels, to: target))
        filled = count
      } catch {
        result = .failure(error)
      }
    }
    return (samples, try result.get())
  }
}

extension ImageError {
  /// The error of a file; `limit` is the number of pixels that it may have.
  init(_ fault: PictureFault, _ format: ImageFormat, _ file: String, limit: Int) {
    switch fault {
    case .damaged(let reason): self = .damaged(file: file, format: format.name, reason: reason)
    case .variant(let variant): self = .unreadVariant(file: file, format: format.name, variant: variant)
    case .tooLarge(let width, let height):
      self = .tooLarge(file: file, width: width, height: height, maximumPixels: limit)
    case .outOfMemory: self = .outOfMemory(file: file)
    }
  }
}
