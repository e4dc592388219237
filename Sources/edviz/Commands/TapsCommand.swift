import ArgumentParser
import EDViz

struct TapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "taps",
    abstract: "Export the raw activations inside residual blocks as a safetensors file.",
    discussion: """
      Writes one .safetensors for each input, with tensors called layerS.J.BRANCH (stage S from 1, block J from 0) \
      in PyTorch's order [N, C, H, W], float32, and logits. A photograph goes through the model's preprocessing; a \
      .npy array of floats and of shape [N, C, H, W] (or [N, H, W, C], or of one picture), with as many channels as the \
      network reads, is fed as it is.

      With --method there are maps, too: layerS.J.BRANCH.METHOD [N, 1, h, w], before ReLU, scaling and resizing; and with \
      --class the evidence for the class in each term of a block's sum, layerS.J.BRANCH.evidence: gradient times branch, \
      which add up to hires-cam of the output. A score is the class's logit.

      EXAMPLES
        edviz taps cat.jpg
        edviz taps batch.npy -w resnet50.pth --block layer4.2
        edviz taps batch.npy --output batch-taps.safetensors
        edviz taps cat.jpg --block last --method grad-cam --class 'tabby cat' --against runner-up
      """)

  @Argument(
    help: ArgumentHelp("Photographs, folders, patterns, .npy arrays, or - for a list.", valueName: "input"),
    completion: .file())
  var inputs: [String]

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "What to export") var choice: ChoiceOptions
  @OptionGroup(title: "Results") var common: CommonOptions

  struct ChoiceOptions: ParsableArguments {
    @Option(
      name: [.short, .long], parsing: .unconditionalSingleValue,
      help: ArgumentHelp("Block, repeated for several. Default: all.", valueName: "block"))
    var block: [String] = []

    @Option(
      name: [.customShort("r"), .long],
      help: ArgumentHelp("Branch, repeated for several. Default: all that a block has.", valueName: "branch"),
      completion: .list(AttentionBranch.all.map(\.name)))
    var branch: [String] = []

    @OptionGroup var methods: MethodOptions

    @Option(
      name: .customLong("max-pixels"),
      help: ArgumentHelp("Largest picture that is decoded, in pixels.", valueName: "n"))
    var maximumPixels = ImageLimits.standard.maximumPixels

    func validate() throws { try CommonOptions.check(maximumPixels: maximumPixels) }
  }

  func run() throws {
    let list = try InputList(inputs, extensions: PictureNames.all.union(["npy"]))
    let paths = list.paths
    common.warn(list.remarks)
    guard !paths.isEmpty else {
      throw Failure(.missingInput, "no inputs in \(inputs.joined(separator: ", "))")
    }
    let session = try ResultSession(command: "taps", common: common, model: model, paths: paths)
    let export = try TapExport(
      session: session.session, blocks: choice.block,
      branches: try choice.branch.map { name throws(AttentionError) in try AttentionBranch(named: name) },
      methods: try choice.methods.methods(), question: try choice.methods.question(of: session.session.model))
    common.warn(export.remarks)
    let target = try Target(common: common, inputs: paths)
    let clock = ContinuousClock()
    try session.run(
      folder: target.folder,
      work: { finish in
        for path in paths {
          let start = clock.now
          var record = Manifest.Input(path: path)
          var failure: (any Error)?
          do {
            let images = try images(path, session.session.model, &record)
            var checkpoint = try export.checkpoint(images: images, path: path)
            for entry in checkpoint where try !entry.tensor().isFinite {
              record.warnings.append("'\(entry.name)' \(MapCondition.nonFinite.explanation)")
            }
            checkpoint.metadata = [
              "edviz": edvizVersion, "input": path, "model": session.loaded.model.name,
              "weights": session.loaded.checkpoint ?? "bundled",
            ]
            try target.write(checkpoint, of: &record)
          } catch {
            failure = error
            record.error = "\(error)"
          }
          record.seconds = (clock.now - start) / .seconds(1)
          try finish(record, failure)
        }
      },
      summarize: { record in record.outputs.map(target.path) })
  }

  /// The input as [N, H, W, channels].
  private func images(
    _ path: String, _ loaded: Model, _ record: inout Manifest.Input
  ) throws -> Tensor {
    let bytes = try FileBytes.read(path)
    record.sha256 = bytes.withUnsafeBytes(SHA256.hexadecimal)
    if path.lowercased().hasSuffix(".npy") {
      let array = try NumPyArray(bytes: bytes, path: path)
      record.size = array.shape
      // Of one picture the first dimension may be missing; channels come first unless only the last can be they.
      let channels = loaded.network.description.stem.channels
      let shape = array.shape.count == 3 ? [1] + array.shape : array.shape
      let isChannelsLast = shape.count == 4 && shape[1] != channels && shape[3] == channels
      guard shape.count == 4, shape[1] == channels || isChannelsLast, shape.allSatisfy({ $0 > 0 }) else {
        throw NumPyError.damaged(
          path: path,
          reason: "its shape is \(array.shape), not [N, \(channels), H, W] or [N, H, W, \(channels)]")
      }
      record.inputSize = isChannelsLast ? Array(shape[1..<3]) : Array(shape[2...])
      if isChannelsLast {
        record.warnings.append("its shape \(array.shape) is taken as [N, H, W, \(channels)]")
      }
      let odd = array.elements.count { !$0.isFinite }
      if odd > 0 { record.warnings.append("\(odd) of its \(array.elements.count) values are not finite") }
      if model.preprocessing.isGiven {
        record.warnings.append("is fed as it is: --size, --fit, --mean and --std are for photographs")
      }
      let tensor = Tensor(array.elements, shape: shape)
      return isChannelsLast ? tensor : tensor.channelsLast()
    }
    try loaded.checkReadsPhotographs()
    let preprocessing = loaded.preprocessing
    let decoder = ImageDecoder(limits: ImageLimits(maximumPixels: choice.maximumPixels))
    let decoded = try decoder.decode(bytes, file: path)
    record.note(decoded)
    let region = preprocessing.region(of: decoded.image)
    let fitted = preprocessing.fitted(decoded.image)
    record.size = [decoded.image.width, decoded.image.height]
    record.region = [region.x0, region.y0, region.x1, region.y1]
    record.inputSize = [fitted.height, fitted.width]
    return preprocessing.tensor(of: fitted)
  }

  /// Where the files go: into a folder of results, or one file under the very name that the user gave.
  private struct Target {
    let folder: ResultFolder?
    private let file: String?

    init(common: CommonOptions, inputs: [String]) throws {
      guard let output = common.output, output.lowercased().hasSuffix(".safetensors") else {
        try CommonOptions.refuseFile(common.output ?? "", formats: ["safetensors"], what: "activations are")
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

    func write(_ checkpoint: Checkpoint, of record: inout Manifest.Input) throws {
      if let file {
        try checkpoint.write(to: file)
        record.outputs.append(file)
        return
      }
      guard let folder else { preconditionFailure("results go to a folder or a file") }
      let name = folder.uniqueStem(for: record.path) + "-taps.safetensors"
      try folder.check([name])
      try folder.write(to: name, of: &record) { try checkpoint.write(to: $0) }
    }

    func path(of name: String) -> String { folder.map { $0.path + "/" + name } ?? name }
  }
}
