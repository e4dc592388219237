import Files
import FoundationEssentials

/// A folder that a command fills and ends with a manifest. Files in it come into being whole, and none that was
/// there before is replaced unless that was asked for.
public final class ResultFolder {
  /// The folder's path.
  public let path: String
  private let replaces: Bool
  private var names: Set<String> = []
  private var numbers: [String: Int] = [:]
  /// Files of earlier runs that this one has not written again.
  private var stale: Set<String> = []
  private var isClaimed = false
  /// Whether the record of the run before still stands.
  private var isRecorded = false
  /// Files of this run that belong to no single input, in the order of writing.
  public private(set) var outputs: [String] = []

  /// The folder that a user named. It is made with the first file, so that a run without results leaves none.
  ///
  /// Results that are replaced go altogether. Their record goes before the first of their files does, so that a run that
  /// is cut off leaves none that is not true; it is kept under another name until the end, when the files of earlier runs
  /// that this one did not write again are removed.
  /// - Throws: `FileError.exists` if it holds results already and may not be replaced.
  public init(named path: String, force: Bool) throws(FileError) {
    // As the shell completes names of folders.
    self.path = path.hasSuffix("/") && path.utf8.count > 1 ? String(path.dropLast()) : path
    replaces = force
    let manifest = path + "/" + Self.manifestName
    isRecorded = Folders.kind(of: manifest) != nil
    guard force || !isRecorded else { throw .exists(path: manifest) }
    guard force else { return }
    for name in [Self.manifestName, Self.replacedName] {
      stale.formUnion((try? Manifest(contentsOf: path + "/" + name))?.files ?? [])
    }
  }

  /// Takes back the record of the run before, which is not true any more.
  private func beginReplacing() throws(FileError) {
    guard isRecorded else { return }
    // An older one, of a run that was replaced by one that was cut off, lists files that are listed in no other.
    if Folders.kind(of: path + "/" + Self.replacedName) == nil {
      try Folders.move(path + "/" + Self.manifestName, to: path + "/" + Self.replacedName)
    } else {
      Folders.removeFile(path + "/" + Self.manifestName)
    }
    isRecorded = false
  }

  /// `parent/name`, or `parent/name-2` and so on if that is taken, also by a run that began a moment ago.
  public static func fresh(in parent: String, name: String, force: Bool) throws(FileError) -> ResultFolder {
    let stem = shortened(name)
    var path = "\(parent)/\(stem)"
    guard !force else { return try ResultFolder(named: path, force: true) }
    var number = 1
    while try !Folders.claim(path) {
      number += 1
      path = "\(parent)/\(stem)-\(number)"
    }
    let folder = try ResultFolder(named: path, force: false)
    folder.isClaimed = true
    return folder
  }

  /// Leaves no empty folder behind a run without results.
  public func abandon() {
    if isClaimed { Folders.removeIfEmpty(path) }
  }

  /// The name of the record that is written last.
  public static let manifestName = "manifest.json"
  /// What the record of the run before is called while it is replaced.
  static let replacedName = ".replaced-manifest.json"

  /// A name for the results of an input that no other input of this run has: `cat`, `cat-2`.
  public func uniqueStem(for input: String) -> String {
    let stem = Self.shortened(Paths.stem(of: input))
    var candidate = stem
    while !names.insert(candidate).inserted {
      numbers[stem, default: 1] += 1
      candidate = "\(stem)-\(numbers[stem, default: 1])"
    }
    return candidate
  }

  /// File systems allow 255 bytes; what commands put behind a stem needs some of them.
  private static func shortened(_ stem: String) -> String {
    var short = stem
    while short.utf8.count > 150 { short.removeLast() }
    return short
  }

  /// Writes a file of the whole run and returns its name.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    try put(bytes, name)
    note(name)
    return name
  }

  /// Writes a file of one input, in whose record it is noted, and returns its name.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String, of record: inout Manifest.Input) throws -> String {
    try put(bytes, name)
    note(name, of: &record)
    return name
  }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    try beginReplacing()
    try AtomicFile.write(bytes, to: path + "/" + name, replacing: replaces)
  }

  /// A file that grows piece by piece, without a name until it is kept.
  /// - Throws: `FileError.exists` if the name is taken and may not be replaced.
  public func begin(_ name: String) throws(FileError) -> AtomicFile {
    try check([name])
    return try AtomicFile(path: path + "/" + name)
  }

  /// Gives a file that was begun its name.
  public func keep(_ file: AtomicFile, as name: String) throws(FileError) {
    try beginReplacing()
    try file.commit(replacing: replaces)
    note(name)
  }

  /// Writes a file of one input by means of the caller's.
  public func write(
    to name: String, of record: inout Manifest.Input, _ body: (_ path: String) throws -> Void
  ) throws {
    try beginReplacing()
    try body(path + "/" + name)
    note(name, of: &record)
  }

  /// Gives a file in the folder its name in one step, as one of the whole run.
  public func move(_ file: String, to name: String) throws(FileError) {
    try beginReplacing()
    try Folders.move(file, to: path + "/" + name)
    note(name)
  }

  private func note(_ name: String) {
    stale.remove(name)
    if !outputs.contains(name) { outputs.append(name) }
  }

  private func note(_ name: String, of record: inout Manifest.Input) {
    stale.remove(name)
    record.outputs.append(name)
  }

  /// Makes sure, before anything is computed, that files of these names may be written.
  public func check(_ names: [String]) throws(FileError) {
    for name in names where !replaces && Folders.kind(of: path + "/" + name) != nil {
      throw .exists(path: path + "/" + name)
    }
  }

  /// Writes the record that ends the folder, and in it the files of the whole run: what the folder was not asked to write
  /// is not listed, and everything else is.
  /// - Parameter records: the inputs, if they are not in the manifest itself.
  public func finish(_ manifest: inout Manifest, inputs records: InputRecords? = nil) throws {
    manifest.outputs = outputs.isEmpty ? nil : outputs
    let file = try AtomicFile(path: path + "/" + Self.manifestName)
    if let records {
      try manifest.encode(inputs: records) { try file.write($0) }
    } else {
      try manifest.encoded().withUnsafeBytes { try file.write($0) }
    }
    // Replaced, if it is, in one step.
    try file.commit(replacing: replaces)
    for name in stale.union([Self.replacedName]) { Folders.removeFile(path + "/" + name) }
  }
}
