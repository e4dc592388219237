import ArgumentParser
import CRefusedMemory
import EDViz
import FoundationEssentials
import Glibc
import Tensors

/// How a command ends when it does not end well. Codes are those of sysexits.h.
struct Failure: Error {
  enum Code: Int32 {
    case someInputsFailed = 1
    case usage = 64
    case data = 65
    case missingInput = 66
    case software = 70
    case outOfMemory = 71
    case cannotWrite = 73
    case interrupted = 130
    case terminated = 143
  }

  let code: Code
  let message: String
  /// What an input lacks whose results there are all the same, as the end of a sentence about several.
  private(set) var lack: String?

  /// The failure that an error of the library means.
  init(_ error: any Error) {
    message = (error as? Failure)?.message ?? "\(error)"
    code = Self.code(of: error)
    if case ImageError.incomplete = error { lack = "end early" }
    if error is UnusableMask { lack = "have no usable mask" }
  }

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  private static func code(of error: any Error) -> Code {
    switch error {
    case let failure as Failure: failure.code
    case FileError.notFound: .missingInput
    case FileError.unwritable, FileError.exists: .cannotWrite
    case let CheckpointError.file(file): code(of: file)
    case let picture as PictureError: code(of: picture.reason)
    case let mask as UnusableMask: code(of: mask.reason)
    case let DatasetError.file(file): code(of: file)
    case let DatasetError.checkpoint(error): code(of: error)
    case DatasetError.setting, DatasetError.unknownFormat: .usage
    case TrainingError.runExists, TrainingError.runInUse: .cannotWrite
    case TrainingError.noRun: .missingInput
    case TrainingError.recipeChanged: .usage
    case is DatasetError, is TrainingError: .data
    case FigureError.tooLarge, FigureError.unknownExtension: .usage
    case is RunFigureError: .data
    case is FileError, is ImageError, is CheckpointError, is NumPyError, is ModelError: .data
    case LocalisationError.noImages, LocalisationError.noSegmentations: .missingInput
    case LocalisationError.unfinished, LocalisationError.inUse: .cannotWrite
    case LocalisationError.changed, LocalisationError.onlyMasks, LocalisationError.onlyPhotographs,
      ONNXError.imagesTooSmall:
      .usage
    case FigureError.unknownExtension: .usage
    case AttentionError.needsMemory, AttentionError.imagesTooSmall, AttentionError.wrongChannels: .data
    case is LocalisationError, is ONNXError: .data
    case is AttentionError, is UnknownBlock, is UnknownModel, is UnknownVariant, is DescriptionError: .usage
    default: .software
    }
  }

  /// Everything failed: what was wrong with the inputs. Some failed, or lack something but have results: 1, after a count.
  static func conclude(_ failures: [Failure], of total: Int) throws {
    guard !failures.isEmpty else { return }
    let lacks = Set(failures.compactMap(\.lack)).sorted()
    if failures.count < total || !lacks.isEmpty {
      let how = (failures.contains { $0.lack == nil } ? ["failed"] : []) + lacks
      throw Failure(
        .someInputsFailed, "\(failures.count) of \(total) inputs \(how.joined(separator: " or "))")
    }
    let isMissing = failures.allSatisfy { $0.code == .missingInput }
    throw Failure(isMissing ? .missingInput : .data, total == 1 ? "" : "all \(total) inputs failed")
  }

  /// Names the first pictures that could not be read, and counts all: 1, if there are any.
  /// - Parameter fate: what became of them, as the end of a sentence.
  static func conclude(
    unreadable reasons: [String], of total: Int, _ fate: String, _ common: CommonOptions
  ) throws {
    guard !reasons.isEmpty else { return }
    for reason in reasons.prefix(10) {
      Terminal.complain(reason, asJSON: common.json, code: Code.data.rawValue)
    }
    let rest = reasons.count > 10 ? ", of which manifest.json names all" : ""
    throw Failure(
      .someInputsFailed, "\(reasons.count) of \(total) images cannot be read and \(fate)\(rest)")
  }

  /// Ends the process as any other failure does where the system ends what it is at: a file that is shortened while it is
  /// mapped, memory that is not there.
  static func listenForSystem(arguments: [String]) {
    let isJSON = arguments.contains("--json")
    TruncatedFiles.endProcess(status: Code.data.rawValue) {
      Terminal.complaint($0, asJSON: isJSON, code: Code.data.rawValue)
    }
    OutOfMemory.endProcess { bytes in
      Terminal.complain(
        "out of memory: \(bytes >> 20) MiB more are not to be had; a smaller --size or --batch, or fewer --threads, need less",
        asJSON: isJSON, code: Code.outOfMemory.rawValue)
      _exit(Code.outOfMemory.rawValue)
    }
    edviz_when_memory_is_refused { OutOfMemory.end(wanting: $0) }
  }

  /// True if the next input may well succeed: this one is missing or unusable.
  var concernsOneInput: Bool { code == .missingInput || code == .data }

  /// Says on standard error what went wrong, as JSON if the command line asks for it, and ends the process.
  static func end(with error: any Error, arguments: [String]) -> Never {
    let isJSON = arguments.contains("--json")
    let parserCode = EDVizCommand.exitCode(for: error)
    // Help, completion scripts, and what the parser has against the words; it calls any other error a failure.
    let isParsers = parserCode != .failure && !(error is Failure)
    if isParsers, parserCode == .success || !isJSON { EDVizCommand.exit(withError: error) }
    let failure = isParsers ? Failure(.usage, EDVizCommand.message(for: error)) : Failure(error)
    if !failure.message.isEmpty {
      Terminal.complain(failure.message, asJSON: isJSON, code: failure.code.rawValue)
    }
    exit(failure.code.rawValue)
  }
}
