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

  /// Refuses an `--output` that ends like a file's name, but in none of the formats that are written: nobody means a
  /// folder by `figure.gif`.
  static func refuseFile(_ output: String, formats: [String], what: String) throws {
    let name =
      output.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? [][...]
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return }
    let ending = name[name.index(after: dot)...]
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    guard (1...11).contains(ending.count), ending.first.map({ letters.contains($0 | 32) }) == true,
      ending.allSatisfy({ letters.contains($0 | 32) || (48...57).contains($0) }),
      Folders.kind(of: output) != .folder
    else { return }
    let known = formats.map { "." + $0 }
    let list =
      known.dropLast().isEmpty
      ? known[0] : known.dropLast().joined(separator: ", ") + " or " + known[known.count - 1]
    throw Failure(.usage, "\(output): \(what) written as \(list); a folder of that name is '\(output)/'")
  }

  /// Sets the engine's threads, if the user chose a number.
  func useThreads() {
    if let threads { Threads.use(threads) }
  }
}
