@testable import Datasets
@testable import EDNets
@testable import EDViz
@testable import Files
@testable import Training

extension FuzzTarget {
  static let boxes = FuzzTarget("boxes", seeds: ["Tests/Fuzzing/Seeds/boxes/*"], words: Words.integers) {
    bytes in
    for ends in BoxList.Ends.allCases {
      guard let list = try? BoxList(bytes, path: "folder/input.txt", ends: ends) else { continue }
      precondition(
        !list.entries.isEmpty && list.entries.allSatisfy { $0.boxes.allSatisfy { !$0.isEmpty } },
        "boxes hold pixels")
      for problem in list.badLines { _ = "\(problem)" }
    }
  }

  /// The tables of CUB-200-2011, one after another.
  static let birds = FuzzTarget(
    "cub", seeds: ["Tests/Fuzzing/Seeds/cub/*"], words: Words.integers + Words.floats
  ) { bytes in
    let names = BirdsFolder.tables + ["bounding_boxes.txt", "parts/part_locs.txt"]
    let files = Array(zip(names, parts(bytes, atMost: names.count))).map { (name: $0, bytes: $1) }
    try withFiles(files) { folder in
      let found = try BirdsInputs(root: folder, split: nil, objects: .boxes)
      for (_, error) in found.problems { _ = "\(error)" }
      for input in found.inputs {
        precondition(input.label.map(found.classes.indices.contains) != false, "labels are positions")
        _ = input.summary
      }
    }
  }

  /// A list of classes, and which folder is which; the folders stand before it.
  static let classes = FuzzTarget("classes", seeds: ["Tests/Fuzzing/Seeds/classes/*"]) { bytes in
    let files = parts(bytes, atMost: 2)
    let folders = String(decoding: files[0], as: UTF8.self).split(separator: "\n").map(String.init)
    let list = files.count > 1 ? TextTable(files[1], path: "classes.txt") : nil
    _ = try withFile(files[files.count - 1], "classes.txt") { try ClassList.read($0) }
    for ending in ["csv", "tsv", "json"] {
      let names = try? ClassTable.read(files[files.count - 1], ending: ending)
      precondition(names?.contains("") != true || ending != "json", "every class of JSON has a name")
    }
    let found = try ClassFolders(folders: folders, list: list, path: "input.zip")
    for folder in folders {
      precondition(
        found.label(ofFolder: folder).map(found.classes.indices.contains) == true, "all have a label")
    }
  }

  /// Annotations of COCO, if it begins like JSON, or of Pascal VOC, and what they fill.
  static let annotations = FuzzTarget(
    "annotations", seeds: ["Tests/Fuzzing/Seeds/annotations/*"],
    words: Words.integers + [
      "\"segmentation\"", "\"counts\"", "\"size\"", "\"bbox\"", "\"iscrowd\"", "<object>", "</object>",
      "<bndbox>",
      "</bndbox>", "<difficult>1</difficult>", "<part>",
    ]
  ) { bytes in
    let isJSON = bytes.first == UInt8(ascii: "{")
    try withFile(bytes, isJSON ? "a.json" : "a.xml") { path in
      for objects in AnnotationObjects.allCases {
        for picture in try AnnotationFile(contentsOf: path, objects: objects).pictures {
          for region in picture.objects + picture.ignored {
            var mask = Mask(width: 9, height: 7, values: [Bool](repeating: false, count: 63))
            switch region {
            case .box(let box): mask.fill(box)
            case .polygons(let polygons): for polygon in polygons { _ = mask.fill(polygon: polygon) }
            case .runs(let runs, _, _): _ = mask.fill(columnRuns: runs)
            }
          }
        }
      }
    }
  }

  static let pictureList = FuzzTarget(
    "picture-list", seeds: ["Tests/Fuzzing/Seeds/picture-list/*"], words: Words.integers
  ) { bytes in
    try withFile(bytes, "list.txt") { path in
      _ = try? DatasetSource(path: path).recognised()
      let dataset = try DatasetSource(path: path, format: "list").open()
      for position in 0..<dataset.count {
        precondition(dataset.classes.indices.contains(dataset.label(at: position)), "labels are positions")
      }
    }
  }

  static let csv = FuzzTarget("csv", seeds: ["Examples/*/*.csv", "Tests/Fuzzing/Seeds/csv/*"]) { bytes in
    func lines(_ bytes: [UInt8]) throws -> [[String]] {
      try withFile(bytes, "table.csv") { path in
        var lines: [[String]] = []
        try CSV.forEachLine(ofFile: path) { lines.append($1) }
        return lines
      }
    }
    let found = try lines(bytes)
    let text = found.map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
    let again = try lines(Array(text.utf8))
    precondition(again == found, "what is written is read as the same")
  }

  /// The scores of an evaluation.
  static let scores = FuzzTarget(
    "scores", seeds: ["Tests/Fuzzing/Seeds/scores/*"], words: Words.integers + Words.floats
  ) { bytes in
    let scores = try withFile(bytes, "pictures.csv") {
      try LocalisationScores(contentsOf: $0, settings: settings)
    }
    for setting in settings.indices {
      precondition(
        scores.values(.maskIoU, setting: setting).count == scores.pictures.count, "all have a place")
      _ = scores.ranking(by: .maskIoU, setting: setting)
    }
  }

  /// What the seeds of `scores` and `evaluation` are made with.
  static let settings = [
    LocalisationSetting(model: "a", inputSize: 32, block: "layer3.2", branch: .branch(.decoder)),
    LocalisationSetting(.center),
  ]

  static let epochs = FuzzTarget(
    "epochs", seeds: ["Examples/DefaultModel/*epochs.csv"], words: Words.integers + Words.floats
  ) { bytes in
    let record = try withFiles([("epochs.csv", bytes)]) { try TrainingRecord(folder: $0, name: "run") }
    precondition(record.points.count == record.epochs.count, "an epoch is a point")
  }
}
