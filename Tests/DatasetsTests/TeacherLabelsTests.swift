import Checkpoints
import Files
import Glibc
import Images
import Tensors
import Testing

@testable import Datasets

@Suite struct TeacherLabelsTests {
  private static func file(
    _ folder: TemporaryFolder, _ logits: Tensor, features: Tensor? = nil, pictures: String, classes: String
  ) throws -> String {
    var checkpoint = try Checkpoint([("logits", logits)] + (features.map { [("features", $0)] } ?? []))
    checkpoint.metadata = ["pictures": pictures, "classes": classes]
    try checkpoint.write(to: folder.path + "/teacher.safetensors")
    return folder.path + "/teacher.safetensors"
  }

  private static let classes = #"["class 0", "class 1", "class 2"]"#

  /// A picture whose red and green are its own columns and rows: what the view says is where the colours are.
  @Test(arguments: 0..<40) func viewsAreWhereThePixelsComeFrom(place: Int) throws {
    let side = 200
    let pixels = (0..<side * side).flatMap { (place: Int) -> [UInt8] in
      [UInt8(place % side), UInt8(place / side), 255]
    }
    let image = Image(width: side, height: side, pixels: pixels)
    let steps = Augmentation([
      .randomResizedCrop(RandomResizedCrop(size: 160, area: [0.2, 0.9])), .horizontalFlip(HorizontalFlip()),
      .padAndCrop(PadAndCrop(padding: 12)), .resizeSquare(size: 120), .centerCrop(size: 100),
      .horizontalFlip(HorizontalFlip()),
    ])
    var generator = SeededGenerator(seed: 4, place: UInt64(place))
    var view = PictureView()
    let result = steps.applied(to: image, view: &view, using: &generator)
    var checked = 0
    for (x, y) in [(10, 10), (50, 50), (90, 20), (30, 80), (99, 99), (0, 0)] {
      let at = (y * 100 + x) * 3
      // Black around the picture, and what was mixed with it at its border.
      guard result.pixels[at + 2] == 255 else { continue }
      let column = (view.left + (view.right - view.left) * (Double(x) + 0.5) / 100) * Double(side) - 0.5
      let row = (view.top + (view.bottom - view.top) * (Double(y) + 0.5) / 100) * Double(side) - 0.5
      #expect(abs(Double(result.pixels[at]) - column) < 2 && abs(Double(result.pixels[at + 1]) - row) < 2)
      checked += 1
    }
    #expect(checked >= 3)
  }

  @Test func sharesAreThoseOfThePart() throws {
    // Class 0 left, class 1 right, class 2 nowhere.
    let dataset = MadeDataset(count: 1)
    let folder = try TemporaryFolder()
    let logits = Tensor([4, -4, -6, -4, 4, -6, 4, -4, -6, -4, 4, -6], shape: [1, 2, 2, 3])
    let path = try Self.file(folder, logits, pictures: #"["image 0"]"#, classes: Self.classes)
    let labels = try TeacherLabels(contentsOf: path, for: dataset)
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    func check(_ view: PictureView, _ mean: [Double]) {
      let shares = labels.shares(at: 0, in: view, .sigmoid)
      for (share, logit) in zip(shares, mean) { #expect(abs(Double(share) - sigmoid(logit)) < 1e-6) }
    }
    check(PictureView(), [0, 0, -6])
    var left = PictureView()
    left.crop(Box(x0: 0, y0: 3, x1: 4, y1: 5), width: 10, height: 10)
    check(left, [4, -4, -6])
    var most = PictureView()
    most.crop(Box(x0: 0, y0: 0, x1: 8, y1: 10), width: 10, height: 10)
    check(most, [4 * 5.0 / 8 - 4 * 3.0 / 8, -4 * 5.0 / 8 + 4 * 3.0 / 8, -6])
    most.mirror()
    check(most, [1, -1, -6])
    var outside = PictureView()
    outside.crop(Box(x0: 20, y0: -9, x1: 22, y1: -5), width: 10, height: 10)
    check(outside, [-4, 4, -6])
    let softmax = labels.shares(at: 0, in: left, .softmax)
    #expect(abs(softmax.reduce(0, +) - 1) < 1e-6 && abs(softmax[0] - 0.99962) < 1e-4)
  }

  @Test func batchesHaveTheTeachersSay() throws {
    let dataset = MadeDataset(count: 4, bad: [2])
    let folder = try TemporaryFolder()
    let values = (0..<4 * 3).map { Float($0 % 5) - 2 }
    let logits = Tensor(values, shape: [4, 1, 1, 3])
    let path = try Self.file(
      folder, logits, pictures: #"["image 0", "image 1", "image 2", "image 3"]"#, classes: Self.classes)
    let labels = try TeacherLabels(contentsOf: path, for: dataset)
    var options = BatchLoader.Options(batchSize: 4, isShuffled: false)
    options.teacher = BatchLoader.Teacher(labels, .sigmoid, share: 0.75)
    let batch = try #require(try BatchLoader(dataset, options: options).epoch(0).next())
    // The third picture stands for the one before it that cannot be read, with its own labels.
    #expect(batch.positions == [0, 1, 3, 3])
    for (row, position) in batch.positions.enumerated() {
      let shares = labels.shares(at: position, in: PictureView(), .sigmoid)
      for i in 0..<3 {
        let own: Float = dataset.label(at: position) == i ? 1 : 0
        #expect(abs(batch.targets[row * 3 + i] - (0.25 * own + 0.75 * shares[i])) < 1e-6)
      }
    }
  }

  @Test func featuresAreThoseOfThePart() throws {
    let folder = try TemporaryFolder()
    let logits = Tensor(repeating: 0, shape: [2, 1, 1, 3])
    // In the second picture 1, 2 above and 4, 8 below; the other feature is their negative.
    let features = Tensor(
      [9, 9, 9, 9, 9, 9, 9, 9, 1, -1, 2, -2, 4, -4, 8, -8], shape: [2, 2, 2, 2])
    let path = try Self.file(
      folder, logits, features: features, pictures: #"["image 0", "image 1"]"#, classes: Self.classes)
    let found = try #require(
      try TeacherLabels(contentsOf: path, for: MadeDataset(count: 2), givesFeatures: true).features)
    #expect(found.channels == 2 && abs(found.power - (4 * 162 + 2 * (1 + 4 + 16 + 64)) / 8) < 1e-4)
    func check(_ view: PictureView, _ expected: [Float]) {
      let values = found.tensor(of: [(1, view)])
      #expect(values.shape == [1, 2, 2, 2])
      for (place, value) in expected.enumerated() {
        #expect(abs(values[2 * place] - value) < 1e-5 && abs(values[2 * place + 1] + value) < 1e-5)
      }
    }
    var view = PictureView()
    check(view, [1, 2, 4, 8])
    view.mirror()
    check(view, [2, 1, 8, 4])
    // The middle half: its cells' centres lie a quarter of a cell from the middle.
    var middle = PictureView()
    middle.crop(Box(x0: 1, y0: 1, x1: 3, y1: 3), width: 4, height: 4)
    func between(_ x: Float, _ y: Float) -> Float {
      (1 - y) * ((1 - x) + 2 * x) + y * (4 * (1 - x) + 8 * x)
    }
    check(middle, [between(0.25, 0.25), between(0.75, 0.25), between(0.25, 0.75), between(0.75, 0.75)])
    // Beyond the outermost places theirs.
    var corner = PictureView()
    corner.crop(Box(x0: 6, y0: -4, x1: 8, y1: -2), width: 4, height: 4)
    check(corner, [2, 2, 2, 2])

    for (wrong, sentence) in [
      (Tensor(shape: [2, 2, 2, 2]), "nothing but zeros"),
      (Tensor(repeating: .nan, shape: [2, 1, 1, 1]), "not finite"),
      (Tensor(repeating: 1e-25, shape: [2, 1, 1, 1]), "is out of range"),
      (Tensor(repeating: 1e25, shape: [2, 1, 1, 1]), "is out of range"),
      (Tensor(shape: [1, 2, 2, 2]), "'features' is [1, 2, 2, 2], not [2, rows, columns, channels]"),
    ] {
      let path = try Self.file(
        folder, logits, features: wrong, pictures: #"["image 0", "image 1"]"#, classes: Self.classes)
      let error = #expect(throws: DatasetError.self) {
        try TeacherLabels(contentsOf: path, for: MadeDataset(count: 2), givesFeatures: true)
      }
      #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
  }

  @Test func mixedBatchesHaveMixedFeatures() throws {
    var places = Tensor([1, 1, 1, 1, 5, 5, 5, 5], shape: [2, 2, 2, 1])
    // The right half but for a quarter of it below: 2 × 3 of 4 × 4 pixels.
    CutMix.mix(places: &places, Box(x0: 2, y0: 0, x1: 4, y1: 3), width: 4, height: 4)
    #expect(places.elements == [1, 5, 1, 3, 5, 1, 5, 3])
  }

  @Test func filesOfOtherPicturesAreRefused() throws {
    let dataset = MadeDataset(count: 2)
    let folder = try TemporaryFolder()
    let good = Tensor(repeating: 0, shape: [2, 1, 1, 3])
    let names = #"["image 0", "image 1"]"#
    let cases: [(Tensor, String, String, String)] = [
      (Tensor(repeating: 0, shape: [2, 3]), names, Self.classes, "'logits' is [2, 3], not [pictures"),
      (good, #"["image 0"]"#, Self.classes, "has no list 'pictures' of 2 names"),
      (good, "", Self.classes, "has no list 'pictures' of 2 names"),
      (good, names, #"["a"]"#, "has no list 'classes' of 3 names"),
      (good, names, #"["a", "b", "c"]"#, "its classes are not those of the pictures"),
      (
        good, #"["image 1", "image 0"]"#, Self.classes,
        "its picture 0 is 'image 1' where the dataset has 'image 0'"
      ),
      (
        Tensor(repeating: 0, shape: [3, 1, 1, 3]), #"["a", "b", "c"]"#, Self.classes,
        "of 3 pictures, but there are 2"
      ),
      (Tensor(repeating: .nan, shape: [2, 1, 1, 3]), names, Self.classes, "values that are not finite"),
    ]
    for (logits, pictures, classes, sentence) in cases {
      let path = try Self.file(folder, logits, pictures: pictures, classes: classes)
      let error = #expect(throws: DatasetError.self) { try TeacherLabels(contentsOf: path, for: dataset) }
      #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
      #expect(error?.description.hasPrefix(path) == true)
    }
    try AtomicFile.write(Array("no".utf8), to: folder.path + "/no.safetensors")
    #expect(throws: DatasetError.self) {
      try TeacherLabels(contentsOf: folder.path + "/no.safetensors", for: dataset)
    }
  }
}
