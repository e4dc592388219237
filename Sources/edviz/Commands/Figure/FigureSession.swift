import EDViz
import Glibc

/// The frame that figures share: where they go, their record, messages, exit status.
struct FigureSession {
  let name: String
  let common: CommonOptions
  let options: FigureOptions
  private let folder: ResultFolder?
  private let file: String?
  private let formats: [String]

  /// Makes sure that the results may be written before anything is computed.
  init(_ name: String, inputs: [String], common: CommonOptions, options: FigureOptions) throws {
    (self.name, self.common, self.options) = (name, common, options)
    common.useThreads()
    let output = common.output ?? ""
    if let format = FigureOptions.FormatList.all.first(where: { output.lowercased().hasSuffix("." + $0) }) {
      guard options.format.map({ $0.names == [format] }) ?? true else {
        throw Failure(.usage, "--output names one .\(format) file; name a folder for other formats")
      }
      guard common.force || Folders.kind(of: output) == nil else { throw FileError.exists(path: output) }
      (folder, file, formats) = (nil, output, [format])
      return
    }
    try CommonOptions.refuseFile(output, formats: FigureOptions.FormatList.all, what: "a figure is")
    formats = options.format?.names ?? FigureOptions.FormatList.all
    file = nil
    folder = try common.folder(command: "figure/\(name)", inputs: inputs)
    try folder?.check(formats.map { "figure-\(name).\($0)" })
  }

  /// Draws, writes and tells. What `draw` cannot show it gives to `complain`; it returns nil if nothing is left.
  /// - Parameter inputs: how many there are.
  func run(inputs: Int, model: Manifest.Model?, draw: (inout Manifest, inout Failures) throws -> Canvas?)
    throws
  {
    do {
      try begin(inputs, model, draw)
    } catch {
      folder?.abandon()
      throw error
    }
  }

  private func begin(
    _ inputs: Int, _ model: Manifest.Model?, _ draw: (inout Manifest, inout Failures) throws -> Canvas?
  ) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var manifest = Manifest(
      edviz: edvizVersion, command: CommandLine.words,
      engine: Manifest.Engine(backend: ConvolutionBackends.preferred), model: model)
    manifest.folder = folder?.path
    manifest.figure = Manifest.Figure(name: name, theme: options.theme)
    var failures = Failures(asJSON: common.json, isQuiet: common.quiet)
    guard let canvas = try draw(&manifest, &failures) else {
      return try Failure.conclude(failures.all, of: inputs)
    }
    let paths = try write(canvas)
    manifest.outputs = paths
    manifest.seconds = (clock.now - start) / .seconds(1)
    manifest.finished = Timestamp.now()
    try folder?.finish(&manifest)
    if common.json {
      Terminal.write(String(decoding: try manifest.encoded(), as: UTF8.self), to: STDOUT_FILENO)
    } else {
      for path in paths { Terminal.result(folder.map { "\($0.path)/\(path)" } ?? path) }
    }
    try Failure.conclude(failures.all, of: inputs)
  }

  /// All formats are made before the first is written.
  private func write(_ canvas: Canvas) throws -> [String] {
    let title = options.title ?? "figure \(name)"
    let made = try formats.map { format -> (name: String, bytes: [UInt8]) in
      let name = file ?? "figure-\(name).\(format)"
      return (name, try canvas.encoded(for: name, scale: options.dpi / 72, title: title))
    }
    for (name, bytes) in made {
      if let folder {
        try folder.write(bytes, to: name)
      } else {
        try AtomicFile.write(bytes, to: name, replacing: common.force)
      }
    }
    return made.map(\.name)
  }
}

/// What went wrong with single inputs, told as it happens.
struct Failures {
  private(set) var all: [Failure] = []
  private let asJSON: Bool
  private let isQuiet: Bool

  init(asJSON: Bool, isQuiet: Bool) { (self.asJSON, self.isQuiet) = (asJSON, isQuiet) }

  /// Notes what concerns one input; throws what ends the run.
  mutating func note(_ error: any Error) throws {
    let failure = Failure(error)
    guard failure.concernsOneInput else { throw error }
    all.append(failure)
    tell(failure)
  }

  /// Tells of an input that is counted already.
  func tell(_ failure: Failure) {
    Terminal.complain(failure.message, asJSON: asJSON, code: failure.code.rawValue)
  }

  /// Says what a reader should know of an input.
  func warn(_ text: String, _ path: String) {
    guard !isQuiet, !asJSON else { return }
    Terminal.note(
      "edviz: \(path): warning: "
        + (text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text))
  }
}

extension FigureSession {
  /// Draws a figure of photographs.
  func run(
    _ figure: any PictureFigure, of paths: [String], photographs: PhotographArguments,
    layout: PictureFigureOptions,
    model: Manifest.Model, describe: (inout Manifest) -> Void
  ) throws {
    guard paths.count <= PictureFigureRun.mostPhotographs else {
      throw Failure(
        .usage, "a figure shows at most \(PictureFigureRun.mostPhotographs) photographs, not \(paths.count)")
    }
    let job = PictureFigureRun(
      figure: figure, decoder: photographs.decoder, isNamed: !layout.noNames && paths.count > 1)
    var progress = Progress(total: paths.count, isQuiet: common.quiet || common.json)
    try run(inputs: paths.count, model: model) { manifest, failures in
      describe(&manifest)
      manifest.scale = layout.colors.scale
      manifest.colorMap = layout.colors.colorMap
      manifest.alpha = layout.colors.alpha
      let grid = try job.grid(of: paths, title: options.title ?? "", cellWidth: layout.cell) {
        record, error in
        manifest.inputs.append(record)
        progress.makeRoom()
        let early = record.isIncomplete == true ? ImageError.incomplete(file: record.path) : nil
        if let error {
          try failures.note(error)
          if error is UnusableMask, let early { failures.tell(Failure(early)) }
        } else if let early {
          try failures.note(early)
        }
        for warning in record.warnings { failures.warn(warning, record.path) }
        progress.advance()
      }
      return grid?.canvas(theme: options.chartTheme)
    }
  }
}
