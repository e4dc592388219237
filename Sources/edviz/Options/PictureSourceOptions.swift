import ArgumentParser
import EDViz

/// Pictures, whether or not they have labels.
struct PictureSourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Pictures, folders of them, patterns such as 'birds/*.jpg', or - for a list on standard input.",
      valueName: "image"),
    completion: .file(extensions: PictureNames.read.sorted()))
  var images: [String] = []

  @Option(
    help: ArgumentHelp(
      "Instead a data set: a folder with a folder for each class, a zip archive, CIFAR files, a list.",
      valueName: "path"),
    completion: .file())
  var data: String?

  @Option(
    name: .customLong("data-format"), help: ArgumentHelp("Its format; auto looks.", valueName: "name"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Which part of it: train, val or test. Default: test or val, else everything.", valueName: "split"))
  var split: DatasetSplit?

  func validate() throws {
    guard images.isEmpty != (data == nil) else { throw ValidationError("name either pictures or --data") }
    guard data != nil || (format == nil && split == nil) else {
      throw ValidationError("--data-format and --split belong to --data")
    }
  }

  /// What the pictures are called.
  var name: String { data ?? images.joined(separator: " ") }

  /// What their results are called.
  var stem: String { Paths.stem(of: data ?? images.first ?? "pictures") }

  func open() throws -> any Dataset {
    if let data {
      return try DatasetSource(path: data, format: format ?? "auto", split: split).open(preferring: .test)
    }
    let list = try InputList(images, extensions: PictureNames.all)
    guard !list.paths.isEmpty else {
      throw Failure(.missingInput, "no pictures in \(images.joined(separator: ", "))")
    }
    return try DatasetSource.pictures(list.paths, remarks: list.remarks)
  }
}
