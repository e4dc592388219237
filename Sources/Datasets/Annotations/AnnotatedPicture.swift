import Files
import Images

/// A picture and the regions that someone marked in it.
public struct AnnotatedPicture: Hashable, Sendable {
  /// Where something is.
  public enum Region: Hashable, Sendable {
    /// A box, in pixels.
    case box(Box)
    /// Polygons, each x and y in turns, which together are one thing.
    case polygons([[Double]])
    /// Runs down the columns, those of the outside first, in a picture of this size.
    case runs([Int], width: Int, height: Int)
  }

  /// The picture's name, as it stands in the file.
  public var name: String
  /// What makes up the object.
  public var objects: [Region] = []
  /// What is left out of every score, where no object lies.
  public var ignored: [Region] = []
}

/// What regions are read from annotation files.
public enum AnnotationObjects: String, CaseIterable, Sendable {
  /// Outlines; boxes of things that have no outline.
  case masks
  /// Boxes.
  case boxes
}

/// The pictures of an annotation file: COCO's JSON or Pascal VOC's XML.
public struct AnnotationFile: Sendable {
  /// The pictures, in the order of the file; also those without an object.
  public let pictures: [AnnotatedPicture]
  /// What a reader should know.
  public let remarks: [String]

  /// Reads a file, JSON if its name ends so.
  /// - Throws: `DatasetError`.
  public init(contentsOf path: String, objects: AnnotationObjects) throws(DatasetError) {
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path, limit: TextTable.maximumSize) } catch { throw .file(error) }
    if path.lowercased().hasSuffix(".json") {
      (pictures, remarks) = try COCOAnnotations.pictures(bytes, path: path, objects: objects)
    } else {
      (pictures, remarks) = try VOCAnnotation.pictures(bytes, path: path)
    }
  }
}
