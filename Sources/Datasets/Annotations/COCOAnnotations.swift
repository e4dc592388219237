import FoundationEssentials
import Images

/// COCO's instances as JSON: boxes are left, top, width and height, with decimals; outlines are polygons or runs. Crowds are
/// regions that nobody counted, and so are ignored.
enum COCOAnnotations {
  private struct File: Decodable {
    struct Picture: Decodable {
      let id: Int
      let fileName: String

      enum CodingKeys: String, CodingKey {
        case id
        case fileName = "file_name"
      }
    }
    struct Annotation: Decodable {
      let imageID: Int
      let bbox: [Double]?
      let segmentation: Segmentation?
      let iscrowd: Int?

      enum CodingKeys: String, CodingKey {
        case bbox, segmentation, iscrowd
        case imageID = "image_id"
      }
    }
    let images: [Picture]
    let annotations: [Annotation]
  }

  private enum Segmentation: Decodable {
    case polygons([[Double]])
    case runs([Int], size: [Int])

    private struct Runs: Decodable {
      let counts: Counts
      let size: [Int]
    }
    private enum Counts: Decodable {
      case numbers([Int])
      case text(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
          self = .text(text)
        } else {
          self = .numbers(try container.decode([Int].self))
        }
      }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let polygons = try? container.decode([[Double]].self) {
        self = .polygons(polygons)
        return
      }
      let runs = try container.decode(Runs.self)
      switch runs.counts {
      case .numbers(let numbers): self = .runs(numbers, size: runs.size)
      case .text(let text): self = .runs(COCOAnnotations.runs(text), size: runs.size)
      }
    }
  }

  /// The runs that the COCO API packs into letters: five bits each, the sixth says that more follow; from the third on the
  /// difference to the last but one.
  static func runs(_ text: String) -> [Int] {
    var runs: [Int] = []
    var (value, shift) = (0, 0)
    for letter in text.utf8 {
      let bits = Int(letter) - 48
      guard (0..<64).contains(bits), shift < 60 else { return [] }
      value |= (bits & 31) << shift
      shift += 5
      guard bits & 32 == 0 else { continue }
      if bits & 16 != 0 { value |= -1 << shift }
      runs.append(runs.count > 2 ? value &+ runs[runs.count - 2] : value)
      (value, shift) = (0, 0)
    }
    return runs
  }

  static func pictures(
    _ bytes: [UInt8], path: String, objects: AnnotationObjects
  ) throws(DatasetError) -> ([AnnotatedPicture], [String]) {
    let file: File
    do { file = try JSONDecoder().decode(File.self, from: Data(bytes)) } catch {
      throw .damaged(path: path, reason: "it is not the JSON of COCO's instances: images and annotations")
    }
    guard !file.images.isEmpty else { throw .noImages(path: path) }
    var pictures = file.images.map { AnnotatedPicture(name: $0.fileName) }
    let places = Dictionary(
      file.images.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    guard places.count == pictures.count else {
      throw .damaged(path: path, reason: "two of its images have the same id")
    }
    var (boxed, crowds) = (0, 0)
    for (number, annotation) in file.annotations.enumerated() {
      func damaged(_ reason: String) -> DatasetError {
        .damaged(path: path, reason: "annotation \(number): \(reason)")
      }
      guard let place = places[annotation.imageID] else {
        throw damaged("there is no image of id \(annotation.imageID)")
      }
      let isCrowd = annotation.iscrowd == 1
      var region: AnnotatedPicture.Region?
      if objects == .masks || (isCrowd && annotation.bbox == nil) {
        switch annotation.segmentation {
        case .polygons(let polygons) where !polygons.isEmpty: region = .polygons(polygons)
        case .runs(let runs, let size) where size.count == 2:
          region = .runs(runs, width: size[1], height: size[0])
        default: boxed += 1
        }
      }
      if region == nil {
        guard let bbox = annotation.bbox, let box = box(bbox) else {
          throw damaged("it has no box of four numbers, left, top, width and height")
        }
        region = .box(box)
      }
      guard let region else { continue }
      if isCrowd {
        crowds += 1
        pictures[place].ignored.append(region)
      } else {
        pictures[place].objects.append(region)
      }
    }
    var remarks: [String] = []
    if objects == .masks, boxed > 0 {
      remarks.append("\(path): objects without an outline, whose boxes are taken: \(boxed)")
    }
    if crowds > 0 { remarks.append("\(path): crowds, which are left out of every score: \(crowds)") }
    return (pictures, remarks)
  }

  /// To the nearest edges of pixels.
  private static func box(_ numbers: [Double]) -> Box? {
    guard numbers.count == 4, numbers.allSatisfy({ abs($0) < 1e9 }) else { return nil }
    func edge(_ value: Double) -> Int { Int(value.rounded()) }
    return Box(
      x0: edge(numbers[0]), y0: edge(numbers[1]), x1: edge(numbers[0] + numbers[2]),
      y1: edge(numbers[1] + numbers[3]))
  }
}
