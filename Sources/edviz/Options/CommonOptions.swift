import ArgumentParser
import EDViz

/// What every command that makes results understands.
struct CommonOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Folder for the results. Default: a fresh one under Output/.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(help: "Replace results that are there already.")
  var force = false

  @Flag(help: "Print the manifest, and errors, as JSON.")
  var json = false

  @Flag(name: [.short, .long], help: "No progress and no remarks; errors are still reported.")
  var quiet = false

  @Option(help: ArgumentHelp("Threads to compute with. Default: one for each core.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    if output?.isEmpty == true { throw ValidationError("--output must not be empty") }
  }

  /// The folder that the user named, or a fresh one under `Output/COMMAND/`.
  func folder(command: String, inputs: [String]) throws -> ResultFolder {
    if let output { return try ResultFolder(named: output, force: force) }
    let first = inputs.first.map(Paths.stem) ?? command
    let name = inputs.count > 1 ? "\(first)-and-\(inputs.count - 1)-more" : first
    return try ResultFolder.fresh(in: "Output/\(command)", name: name, force: force)
  }
}

/// The photographs to work on.
struct PhotographArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Photographs, folders of them, patterns such as 'birds/*.jpg', or - for a list on standard input.",
      valueName: "image"),
    completion: .file(extensions: PictureNames.read.sorted()))
  var images: [String]

  @Option(
    name: .customLong("max-pixels"),
    help: ArgumentHelp("Largest picture that is decoded, in pixels.", valueName: "n"))
  var maximumPixels = ImageLimits.standard.maximumPixels

  func validate() throws { try CommonOptions.check(maximumPixels: maximumPixels) }

  /// The files; what was left out of folders is told.
  func expand(_ common: CommonOptions) throws -> [String] {
    let list = try InputList(images, extensions: PictureNames.all)
    common.warn(list.remarks)
    guard !list.paths.isEmpty else {
      throw Failure(.missingInput, "no photographs in \(images.joined(separator: ", "))")
    }
    return list.paths
  }

  var decoder: ImageDecoder { ImageDecoder(limits: ImageLimits(maximumPixels: maximumPixels)) }
}

extension CommonOptions {
  /// Says what a reader should know, unless nobody wants to.
  func warn(_ remarks: [String]) {
    for remark in quiet || json ? [] : remarks { Terminal.note("edviz: warning: \(remark)") }
  }

  static func check(maximumPixels: Int) throws {
    guard maximumPixels > 0 else { throw ValidationError("--max-pixels must be at least 1") }
  }

  /// Sets the engine's threads, if the user chose a number.
  func useThreads() {
    if let threads { Threads.use(threads) }
  }
}
