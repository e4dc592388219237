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
      "Photographs (JPEG, PNG), folders of them, patterns such as 'birds/*.jpg', or - for a list on standard input.",
      valueName: "image"),
    completion: .file(extensions: ["jpg", "jpeg", "png"]))
  var images: [String]

  @Option(
    name: .customLong("max-pixels"),
    help: ArgumentHelp("Largest picture that is decoded, in pixels.", valueName: "n"))
  var maximumPixels = ImageLimits.standard.maximumPixels

  func expand() throws -> [String] {
    let paths = InputList.expand(images, extensions: ["jpg", "jpeg", "png"])
    guard !paths.isEmpty else {
      throw Failure(.missingInput, "no photographs in \(images.joined(separator: ", "))")
    }
    return paths
  }

  var decoder: ImageDecoder { ImageDecoder(limits: ImageLimits(maximumPixels: maximumPixels)) }
}

extension CommonOptions {
  /// Sets the engine's threads, if the user chose a number.
  func useThreads() {
    if let threads { Threads.use(threads) }
  }
}
