import Files
import Foundation
import Images
import Testing

@testable import Datasets

/// Annotations of COCO and Pascal VOC, and the pixels that their regions fill.
@Suite struct AnnotationTests {
  private struct Filled: Decodable {
    var width, height: Int
    var polygon: [Double]?
    var runs: [Int]?
    var letters: String?
    var filled: String
  }

  /// As pycocotools fills them (Reference/make_regions.py).
  @Test func regionsAreTheCOCOAPIs() throws {
    let folder = (Bundle.module.resourcePath ?? ".") + "/Fixtures/"
    let bytes = Data(try FileBytes.read(folder + "regions.json"))
    let cases = try JSONDecoder().decode([Filled].self, from: bytes)
    #expect(cases.count == 60)
    for (number, one) in cases.enumerated() {
      var mask = Mask(
        width: one.width, height: one.height, values: [Bool](repeating: false, count: one.width * one.height))
      if let polygon = one.polygon {
        let isFilled = mask.fill(polygon: polygon)
        #expect(isFilled)
      } else {
        let runs = try #require(one.runs)
        let isFilled = mask.fill(columnRuns: runs)
        #expect(isFilled)
        #expect(COCOAnnotations.runs(try #require(one.letters)) == runs, "\(number)")
      }
      #expect(String(mask.values.map { $0 ? "#" : "." }) == one.filled, "\(number)")
    }
  }

  @Test func whatIsNoRegionFillsNothing() {
    let empty = Mask(width: 5, height: 4, values: [Bool](repeating: false, count: 20))
    var mask = empty
    for polygon in [[], [1, 1, 2, 2], [0, 0, 4, 0, 4], [0, 0, 4, 0, 1e9, 3], [0, 0, .nan, 0, 4, 4]] {
      let isFilled = mask.fill(polygon: polygon)
      #expect(!isFilled && mask == empty)
    }
    for runs in [[], [19], [21], [-1, 21], [.max, .max]] {
      let isFilled = mask.fill(columnRuns: runs)
      #expect(!isFilled && mask == empty)
    }
  }

  private static let coco = """
    {"info": {}, "categories": [{"id": 3, "name": "cat"}],
     "images": [{"id": 7, "file_name": "a.jpg", "width": 9, "height": 7}, {"id": 8, "file_name": "b/c.jpg"}],
     "annotations": [
      {"id": 1, "image_id": 7, "category_id": 3, "bbox": [1.2, 2, 3.5, 4], "iscrowd": 0,
       "segmentation": [[1, 1, 6, 1.5, 3, 6], [0, 0, 2, 0, 2, 2]]},
      {"id": 2, "image_id": 7, "bbox": [0, 0, 2, 2], "segmentation": {"counts": [10, 3, 50], "size": [7, 9]}, "iscrowd": 1},
      {"id": 3, "image_id": 7, "bbox": [0, 0, 2, 2]}]}
    """

  private func read(
    _ text: String, _ name: String = "a.json", _ objects: AnnotationObjects = .masks
  ) throws -> AnnotationFile {
    let folder = try TemporaryFolder()
    let path = folder.path + "/" + name
    try AtomicFile.write(text.utf8, to: path)
    do { return try AnnotationFile(contentsOf: path, objects: objects) } catch DatasetError.damaged(
      _, let reason)
    {
      throw DatasetError.damaged(path: name, reason: reason)
    }
  }

  @Test func instancesOfCOCOAreRead() throws {
    let masks = try read(Self.coco)
    #expect(masks.pictures.map(\.name) == ["a.jpg", "b/c.jpg"])
    let small = AnnotatedPicture.Region.box(Box(x0: 0, y0: 0, x1: 2, y1: 2))
    #expect(
      masks.pictures[0].objects == [.polygons([[1, 1, 6, 1.5, 3, 6], [0, 0, 2, 0, 2, 2]]), small])
    #expect(masks.pictures[0].ignored == [.runs([10, 3, 50], width: 9, height: 7)])
    #expect(masks.pictures[1].objects.isEmpty && masks.remarks.count == 2)
    let boxes = try read(Self.coco, "a.json", .boxes)
    #expect(boxes.pictures[0].objects == [.box(Box(x0: 1, y0: 2, x1: 5, y1: 6)), small])
    #expect(boxes.pictures[0].ignored == [small])
  }

  @Test func annotationsOfVOCAreRead() throws {
    let file = try read(
      """
      <?xml version="1.0"?>
      <annotation><folder>VOC2012</folder><filename>a &amp; b.jpg</filename>
        <object><name>dog</name><difficult>0</difficult>
          <bndbox><xmin>2</xmin><ymin>1</ymin><xmax>5.4</xmax><ymax>6</ymax></bndbox>
          <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
        </object>
        <object><name>dog</name><difficult>1</difficult>
          <bndbox><xmin>3</xmin><ymin>3</ymin><xmax>4</xmax><ymax>4</ymax></bndbox></object>
      </annotation>
      """, "a.xml")
    #expect(file.pictures.map(\.name) == ["a & b.jpg"] && file.remarks.count == 1)
    #expect(file.pictures[0].objects == [.box(Box(x0: 1, y0: 0, x1: 5, y1: 6))])
    #expect(file.pictures[0].ignored == [.box(Box(x0: 2, y0: 2, x1: 4, y1: 4))])
  }

  @Test(arguments: [
    ("a.json", "[]", "it is not the JSON of COCO's instances: images and annotations"),
    (
      "a.json",
      #"{"images": [{"id": 1, "file_name": "a"}], "annotations": [{"image_id": 2, "bbox": [0, 0, 1, 1]}]}"#,
      "annotation 0: there is no image of id 2"
    ),
    (
      "a.json",
      #"{"images": [{"id": 1, "file_name": "a"}], "annotations": [{"image_id": 1, "bbox": [0, 1]}]}"#,
      "annotation 0: it has no box of four numbers, left, top, width and height"
    ),
    (
      "a.json", #"{"images": [{"id": 1, "file_name": "a"}, {"id": 1, "file_name": "b"}], "annotations": []}"#,
      "two of its images have the same id"
    ),
    ("a.xml", "<html>", "it is not the XML of Pascal VOC: there is no annotation with a filename"),
    ("a.xml", "<annotation><filename>a</filename><object></object>", "an object in it has no bndbox"),
    (
      "a.xml", "<annotation><filename>a</filename><object><bndbox><xmin>1</xmin></bndbox></object>",
      "a bndbox in it has no xmin, ymin, xmax and ymax"
    ),
  ])
  func mistakesAreNamed(name: String, text: String, reason: String) {
    #expect(throws: DatasetError.damaged(path: name, reason: reason)) { try read(text, name) }
  }
}
