import Checkpoints
import Files

/// What can be wrong with a dataset or with the way one is asked for. `description` is one sentence for a person.
public enum DatasetError: Error, Equatable, Sendable {
  /// A file could not be read.
  case file(FileError)
  /// A pickled batch, or a file of tensors, could not be read.
  case checkpoint(CheckpointError)
  /// No format has this name.
  case unknownFormat(name: String, known: [String])
  /// No format fits what lies at the path; `reason` is the nearest one.
  case unrecognised(path: String, reason: String)
  /// There is no such split.
  case noSplit(path: String, split: String, found: [String])
  /// There is no image in it.
  case noImages(path: String)
  /// The file does not follow its format.
  case damaged(path: String, reason: String)
  /// A line of a text file does not follow its format.
  case badLine(path: String, line: Int, reason: String)
  /// A label is not that of a class.
  case labelOutOfRange(path: String, place: String, label: Int, classes: Int)
  /// A class was asked for that is not there, or twice.
  case unknownClass(path: String, name: String, known: [String])
  /// A folder's name is not in the list of classes beside it.
  case unlistedClass(path: String, folder: String)
  /// A setting is outside its range.
  case setting(name: String, value: String, needed: String)
  /// The images of a batch differ in size.
  case sizesDiffer(file: String, width: Int, height: Int, batchWidth: Int, batchHeight: Int)
  /// The image is too small for the network.
  case tooSmall(file: String, width: Int, height: Int)
  /// So many more lines are bad than the thousand that were told one by one.
  case moreBadLines(path: String, count: Int)
  /// More images cannot be read than is tolerated; `first` are sentences about some.
  case tooManyBad(count: Int, total: Int, first: [String])
}

extension DatasetError {
  /// What is wrong with a zip archive, as an error about a dataset.
  init(_ error: ZipError, path: String) {
    switch error {
    case .truncated(let part): self = .damaged(path: path, reason: "it ends inside \(part)")
    case .malformed(let part, let reason): self = .damaged(path: path, reason: "\(part): \(reason)")
    case .duplicateName(let name): self = .damaged(path: path, reason: "it has '\(name)' twice")
    case .encrypted(let entry): self = .damaged(path: path, reason: "its entry '\(entry)' is encrypted")
    case .packed(let entry):
      self = .damaged(path: path, reason: "its entry '\(entry)' is packed by a method other than deflate")
    }
  }
}
