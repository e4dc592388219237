import Images

/// Small pictures of one size that are all in memory, decoded: 150 MB for CIFAR-10's training images.
struct DecodedDataset: Dataset {
  let classes: [String]
  let width: Int
  let height: Int
  /// Interleaved RGB, one picture after another.
  private(set) var pixels: [UInt8] = []
  private(set) var labels: [Int] = []
  /// The file of each run of pictures, and the first position of the run.
  private var files: [(path: String, start: Int, names: [String]?)] = []

  init(classes: [String], width: Int = 32, height: Int = 32) {
    self.classes = classes
    self.width = width
    self.height = height
  }

  var count: Int { labels.count }
  var isDecoded: Bool { true }
  /// Bytes of a picture.
  var size: Int { width * height * 3 }

  func label(at position: Int) -> Int { labels[position] }

  func image(at position: Int) -> Image {
    Image(width: width, height: height, pixels: Array(pixels[position * size..<(position + 1) * size]))
  }

  /// The file and the picture's name or number in it.
  func name(at position: Int) -> String {
    guard let file = files.last(where: { $0.start <= position }) else { return "\(position)" }
    let offset = position - file.start
    return "\(file.path):\(file.names.map { $0[offset] } ?? "\(offset)")"
  }

  /// Appends pictures of a file whose pixels are interleaved already.
  mutating func append(
    interleaved: some Collection<UInt8>, labels: [Int], path: String, names: [String]? = nil
  ) throws(DatasetError) {
    precondition(interleaved.count == labels.count * size, "pictures without labels")
    try begin(path, labels, names)
    pixels += interleaved
  }

  /// Appends pictures of a file that keeps all red, then all green, then all blue bytes of each; the first begins at
  /// `offset`, and `stride` bytes lie from one to the next.
  mutating func append(
    planar bytes: UnsafeRawBufferPointer, offset: Int, stride: Int, labels: [Int], path: String,
    names: [String]? = nil
  ) throws(DatasetError) {
    let plane = width * height
    precondition(
      labels.isEmpty || offset + (labels.count - 1) * stride + size <= bytes.count, "too few bytes")
    try begin(path, labels, names)
    let block = [UInt8](unsafeUninitializedCapacity: labels.count * size) { target, filled in
      for picture in 0..<labels.count {
        let from = offset + picture * stride
        let to = picture * size
        for pixel in 0..<plane {
          target[to + pixel * 3] = bytes[from + pixel]
          target[to + pixel * 3 + 1] = bytes[from + plane + pixel]
          target[to + pixel * 3 + 2] = bytes[from + 2 * plane + pixel]
        }
      }
      filled = labels.count * size
    }
    pixels += block
  }

  private mutating func begin(_ path: String, _ labels: [Int], _ names: [String]?) throws(DatasetError) {
    if let odd = labels.firstIndex(where: { !classes.indices.contains($0) }) {
      throw .labelOutOfRange(path: path, place: "image \(odd)", label: labels[odd], classes: classes.count)
    }
    files.append((path, count, names))
    self.labels += labels
  }
}
