import ArgumentParser
import EDViz
import Glibc

struct TapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "taps",
    abstract: "Export the raw activations inside residual blocks as a safetensors file.",
    discussion: """
      Writes one .safetensors for each input, with tensors called layerS.J.BRANCH (stage S from 1, block J from 0) \
      in PyTorch's order [N, C, H, W], float32, and logits. A photograph goes through the model's preprocessing; a \
      float32 .npy array of shape [N, 3, H, W] is fed as it is.

      EXAMPLES
        edviz taps cat.jpg
        edviz taps batch.npy --weights ed-resnet50.safetensors --block layer4.2 --branch decoder
        edviz taps batch.npy --output batch-taps.safetensors
      """)

  @Argument(
    help: ArgumentHelp("Photographs, folders, patterns, .npy arrays, or - for a list.", valueName: "input"))
  var inputs: [String]

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Block, repeated for several. Default: all.", valueName: "block"))
  var block: [String] = []

  @Option(
    name: [.customShort("r"), .long],
    help: ArgumentHelp("Branch, repeated for several. Default: all that a block has.", valueName: "branch"))
  var branch: [String] = []

  @OptionGroup(title: "Results") var common: CommonOptions

  func run() throws {
    common.useThreads()
    let clock = ContinuousClock()
    let start = clock.now
    let paths = InputList.expand(inputs, extensions: ["jpg", "jpeg", "png", "npy"])
    guard !paths.isEmpty else {
      throw Failure(.missingInput, "no inputs in \(inputs.joined(separator: ", "))")
    }
    let loaded = try model.load()
    let export = try TapExport(
      session: AttentionSession(model: loaded.model), blocks: block,
      branches: try branch.map { name throws(AttentionError) in try AttentionBranch(named: name) })
    let target = try Target(common: common, inputs: paths)
    var manifest = Manifest(
      edviz: edvizVersion, command: CommandLine.arguments,
      model: Manifest.Model(
        loaded.model, checkpoint: loaded.checkpoint, sha256: try loaded.sha256()))
    var failures: [Failure] = []
    var progress = Progress(total: paths.count, isQuiet: common.quiet)
    for path in paths {
      var record = Manifest.Input(path: path)
      do {
        let images = try self.images(path, loaded.model.preprocessing, &record)
        let written = try target.write(export.checkpoint(images: images), for: path)
        record.outputs = [written]
        if !common.json { Terminal.result(target.path(of: written)) }
      } catch {
        let failure = Failure(error)
        if failure.code == .cannotWrite || failure.code == .software { throw failure }
        failures.append(failure)
        record.error = failure.message
        progress.makeRoom()
        Terminal.complain(failure.message, asJSON: common.json, code: failure.code.rawValue)
      }
      manifest.inputs.append(record)
      progress.advance()
    }
    manifest.seconds = (clock.now - start) / .seconds(1)
    manifest.finished = Timestamp.now()
    if failures.count < paths.count { try target.finish(manifest) }
    if common.json {
      Terminal.write(String(decoding: try manifest.encoded(), as: UTF8.self), to: STDOUT_FILENO)
    }
    try Failure.conclude(failures, of: paths.count)
  }

  /// The input as [N, H, W, 3].
  private func images(
    _ path: String, _ preprocessing: Preprocessing, _ record: inout Manifest.Input
  ) throws -> Tensor {
    record.sha256 = try SHA256.hexadecimal(ofFile: path)
    if path.lowercased().hasSuffix(".npy") {
      let array = try NumPyArray(contentsOf: path)
      record.size = array.shape
      guard array.shape.count == 4, array.shape[1] == 3, array.shape.allSatisfy({ $0 > 0 }) else {
        throw NumPyError.damaged(path: path, reason: "its shape is \(array.shape), not [N, 3, H, W]")
      }
      return Tensor(array.elements, shape: array.shape).channelsLast()
    }
    let image = try Image(contentsOf: path)
    record.size = [image.width, image.height]
    return preprocessing.tensor(of: preprocessing.fitted(image))
  }

  /// Where the files go: into a folder of results, or one file under the very name that the user gave.
  private struct Target {
    private let folder: ResultFolder?
    private let file: String?

    init(common: CommonOptions, inputs: [String]) throws {
      guard let output = common.output, output.hasSuffix(".safetensors") else {
        folder = try common.folder(command: "taps", inputs: inputs)
        file = nil
        return
      }
      guard inputs.count == 1 else {
        throw Failure(.usage, "--output names one file, but there are \(inputs.count) inputs; name a folder")
      }
      guard common.force || Folders.kind(of: output) == nil else { throw FileError.exists(path: output) }
      folder = nil
      file = output
    }

    func write(_ checkpoint: Checkpoint, for input: String) throws -> String {
      guard let folder else {
        let path = file ?? input
        try checkpoint.write(to: path)
        return path
      }
      let name = folder.uniqueStem(for: input) + "-taps.safetensors"
      try folder.claim(name)
      try checkpoint.write(to: folder.path + "/" + name)
      return name
    }

    func path(of name: String) -> String { folder.map { $0.path + "/" + name } ?? name }

    func finish(_ manifest: Manifest) throws { try folder?.finish(manifest) }
  }
}
