/// What can be wrong with a picture or a request about one. Cases about a file name it in `file`.
public enum ImageError: Error, Equatable, Sendable {
  /// There are no bytes.
  case empty(file: String)
  /// The first bytes are those of no picture format known here.
  case unknownFormat(file: String)
  /// A picture, but of a format that is not read, such as JPEG XL.
  case unreadFormat(file: String, format: String)
  /// The right format, but a variant that is not read, such as lossless JPEG.
  case unreadVariant(file: String, format: String, variant: String)
  /// The bytes break their format's rules; `reason` is the decoder's.
  case damaged(file: String, format: String, reason: String)
  /// A photograph whose file ends early.
  case incomplete(file: String)
  /// A mask that is transparent everywhere.
  case transparentMask(file: String)
  /// A mask whose levels may be classes or brightness.
  case ambiguousMask(file: String, levels: String)
  /// The header announces more pixels than the limit, and nothing was decoded.
  case tooLarge(file: String, width: Int, height: Int, maximumPixels: Int)
  /// Memory for the picture could not be had.
  case outOfMemory(file: String)
  /// The name does not end in an extension of a format that is written.
  case unknownExtension(file: String)
  /// The encoder refused; `reason` is its own.
  case notEncodable(format: String, reason: String)
  /// Numbers that no picture can be normalised with.
  case unusableNormalization(part: String, values: [Float])
  /// No colour map has this name.
  case unknownColorMap(name: String, known: [String])
}

extension ImageError: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch self {
    case .empty(let file):
      "\(file): is empty"
    case .unknownFormat(let file):
      "\(file): is not a picture of a known format; edviz reads \(ImageFormat.readNames)"
    case .unreadFormat(let file, let format):
      "\(file): is a \(format) file; edviz reads \(ImageFormat.readNames)"
    case .unreadVariant(let file, let format, let variant):
      "\(file): is a \(format) file of a kind that edviz does not read: \(variant)"
    case .damaged(let file, let format, let reason):
      "\(file): damaged \(format) file: \(reason)"
    case .incomplete(let file):
      "\(file): damaged JPEG file: it ends early"
    case .transparentMask(let file):
      "\(file): is an empty mask: its alpha channel is transparent everywhere, so that nothing is marked"
    case .ambiguousMask(let file, let levels):
      "\(file): its levels, \(levels), may be classes with an ignored border or shares of brightness; "
        + "--mask-value and --ignore-value, or --mask-threshold 127, say which"
    case .tooLarge(let file, let width, let height, let maximumPixels):
      "\(file): \(width) × \(height) pixels are more than the limit of \(maximumPixels)"
    case .outOfMemory(let file):
      "\(file): not enough memory for the picture"
    case .unknownExtension(let file):
      "\(file): pictures are written as .png, .jpg or .jpeg"
    case .notEncodable(let format, let reason):
      "the picture cannot be written as \(format): \(reason)"
    case .unusableNormalization(let part, let values):
      "the \(part) is \(values), but must be three \(part == "mean" ? "finite numbers" : "numbers above 0")"
    case .unknownColorMap(let name, let known):
      "no colour map is called \(name); there are \(known.joined(separator: ", "))"
    }
  }
}
