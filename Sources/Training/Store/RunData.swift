import Files

/// The pictures of a run, as far as a run that is continued must have the same ones.
struct RunData: Codable, Hashable {
  /// One part of them.
  struct Part: Codable, Hashable {
    /// Pictures.
    var images: Int
    /// SHA-256 of names and labels in their order. Folders are no part of it, so that data may move.
    var sha256: String
  }

  /// Learnt from.
  var train: Part
  /// Checked with.
  var validation: Part?
  /// SHA-256 of the teacher's file, if there is one.
  var teacher: String?

  init(_ train: BatchFeed, _ validation: BatchFeed?, teacher: Recipe.Teacher?) throws(FileError) {
    self.train = Part(train)
    self.validation = validation.map(Part.init)
    if let teacher { self.teacher = try SHA256.hexadecimal(ofFile: teacher.labels) }
  }

  /// How other pictures differ, as the end of a sentence; nil if they are the same.
  func difference(from now: RunData) -> String? {
    Part.difference(train, now.train, "learn from")
      ?? Part.difference(validation, now.validation, "check with")
      ?? (teacher == now.teacher ? nil : "the teacher's labels are not what they were")
  }
}

extension RunData.Part {
  init(_ feed: BatchFeed) {
    images = feed.images
    var bytes: [UInt8] = []
    for position in 0..<feed.images {
      let name = feed.name(position)
      bytes += (name.split(separator: "/").last ?? "").utf8
      bytes += "\n\(feed.label(position))\n".utf8
    }
    sha256 = bytes.withUnsafeBytes(SHA256.hexadecimal)
  }

  fileprivate static func difference(_ before: Self?, _ now: Self?, _ use: String) -> String? {
    guard before != now else { return nil }
    let (was, has) = (before?.images ?? 0, now?.images ?? 0)
    guard was == has else { return "there were \(was) images to \(use), and are \(has) now" }
    return "names or labels of the images to \(use) are not what they were"
  }
}
