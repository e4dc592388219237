import Files
import FoundationEssentials
import Images

/// Files inside a page.
enum DataURI {
  static func text(_ text: String, type: String) -> String {
    "data:\(type);base64," + Data(text.utf8).base64EncodedString()
  }

  static func jpeg(_ bytes: [UInt8]) -> String {
    "data:image/jpeg;base64," + Data(bytes).base64EncodedString()
  }
}

extension SHA256 {
  /// The digest of a text as a content security policy writes it.
  static func base64(of text: String) -> String {
    let digits = Array(text.utf8).withUnsafeBytes { hexadecimal(of: $0) }
    let bytes = stride(from: 0, to: digits.utf8.count, by: 2).compactMap { offset in
      UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
    }
    return Data(bytes).base64EncodedString()
  }
}

/// A small picture of a photograph, as JPEG, of the size that a report has room for.
public struct Thumbnail: Sendable {
  let jpeg: [UInt8]

  /// The longer side of pictures in a row of a table.
  public static let small = 96
  /// The longer side of pictures of a case.
  public static let large = 320

  /// The picture, made smaller if its longer side is more than `side` pixels.
  /// - Throws: `ImageError`.
  public init(_ image: Image, side: Int) throws(ImageError) {
    let longest = max(image.width, image.height)
    func scaled(_ length: Int) -> Int { max(1, (length * side + longest / 2) / longest) }
    let small =
      longest > side ? image.resized(width: scaled(image.width), height: scaled(image.height)) : image
    jpeg = try small.encodedJPEG(quality: 80)
  }

  var source: String { DataURI.jpeg(jpeg) }
}
