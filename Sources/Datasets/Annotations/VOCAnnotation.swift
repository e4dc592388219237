import Files
import Images

/// Pascal VOC's XML of one picture: boxes whose pixels are counted from 1, the last one included. Objects that are marked as
/// difficult are ignored, as VOC's own scores do.
enum VOCAnnotation {
  static func pictures(_ bytes: [UInt8], path: String) throws(DatasetError) -> ([AnnotatedPicture], [String])
  {
    let text = TextFile.names(in: bytes)
    guard text.contains("<annotation"), let name = value(of: "filename", in: text[...]) else {
      throw .damaged(
        path: path, reason: "it is not the XML of Pascal VOC: there is no annotation with a filename")
    }
    var picture = AnnotatedPicture(name: name)
    for object in elements("object", in: text[...]) {
      // Parts of an object, such as a head, have boxes of their own.
      let own = object.firstRange(of: "<part>").map { object[..<$0.lowerBound] } ?? object
      let whole = own.firstRange(of: "<bndbox>") == nil ? object : own
      guard let bounds = elements("bndbox", in: whole).first else {
        throw .damaged(path: path, reason: "an object in it has no bndbox")
      }
      let edges = ["xmin", "ymin", "xmax", "ymax"].compactMap {
        value(of: $0, in: bounds).flatMap { Decimal.pixel($0) }
      }
      guard edges.count == 4 else {
        throw .damaged(path: path, reason: "a bndbox in it has no xmin, ymin, xmax and ymax")
      }
      let region = AnnotatedPicture.Region.box(
        Box(x0: edges[0] - 1, y0: edges[1] - 1, x1: edges[2], y1: edges[3]))
      if value(of: "difficult", in: own) == "1" {
        picture.ignored.append(region)
      } else {
        picture.objects.append(region)
      }
    }
    let difficult = picture.ignored.count
    return (
      [picture],
      difficult > 0 ? ["\(path): difficult objects, which are left out of every score: \(difficult)"] : []
    )
  }

  /// What stands between the marks of elements of a name.
  private static func elements(_ name: String, in text: Substring) -> [Substring] {
    var found: [Substring] = []
    var rest = text
    while let start = rest.firstRange(of: "<\(name)>") {
      rest = rest[start.upperBound...]
      guard let end = rest.firstRange(of: "</\(name)>") else { break }
      found.append(rest[..<end.lowerBound])
      rest = rest[end.upperBound...]
    }
    return found
  }

  private static func value(of name: String, in text: Substring) -> String? {
    elements(name, in: text).first.map { content in
      [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")].reduce(
        String(content.trimmed)
      ) { $0.replacing($1.0, with: $1.1) }
    }
  }
}
