/// A picture file in memory, of a format whose header tells the size: what one reader must do for `ImageDecoder`.
protocol PictureFile {
  /// Columns, before the picture is turned upright.
  var width: Int { get }
  /// Rows, before the picture is turned upright.
  var height: Int { get }
  /// How the stored picture must be turned.
  var orientation: Orientation { get }

  /// Reads what tells the size, in memory that does not grow with the picture.
  init(_ bytes: UnsafeRawBufferPointer) throws(PictureFault)

  /// Writes every pixel: with 3 channels over white, with 4 with its opacity, 255 where there is none.
  /// - Returns: what was wrong although the picture could be read.
  func write(channels: Int, to target: UnsafeMutableBufferPointer<UInt8>) throws(PictureFault) -> String?

  /// Writes the number that is stored for each pixel.
  /// - Returns: what the numbers are; nil, and nothing written, if the file stores colours.
  func write(levelsTo target: UnsafeMutableBufferPointer<UInt16>) throws(PictureFault) -> StoredLevels.Kind?
}

extension PictureFile {
  func write(levelsTo target: UnsafeMutableBufferPointer<UInt16>) throws(PictureFault) -> StoredLevels.Kind? {
    nil
  }
}

/// What is wrong with a picture's bytes, before it is known which file they are from.
enum PictureFault: Error {
  /// They break the format's rules.
  case damaged(String)
  /// Sound, but of a kind that is not read.
  case variant(String)
  /// The format or its library cannot hold the size.
  case tooLarge(width: Int, height: Int)
  /// Memory could not be had.
  case outOfMemory
}

/// The numbers that a file stores for its pixels, which masks and maps of classes are made of.
struct StoredLevels {
  /// What they are.
  enum Kind: Hashable {
    /// Grey on 0…255.
    case grey
    /// Grey on 0…65535.
    case deepGrey
    /// Positions in a palette.
    case index
  }

  /// What they are.
  let kind: Kind
  /// A number for each pixel of the upright picture.
  let values: [UInt16]
}
