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
  /// Files of an earlier run that this one has not written again.
  private var stale: Set<String> = []
  private var isClaimed = false

  /// The folder that a user named. It is made with the first file, so that a run without results leaves none.
  ///
  /// Results that are replaced go altogether: at the end, files of the earlier run that this one did not write again
  /// are removed.
  /// - Throws: `FileError.exists` if it holds results already and may not be replaced.
  public init(named path: String, force: Bool) throws(FileError) {
    self.path = path
    replaces = force
    let manifest = path + "/" + Self.manifestName
    guard Folders.kind(of: manifest) != nil else { return }
    guard force else { throw .exists(path: manifest) }
    stale = Self.outputs(listedIn: manifest)
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

  /// The plain file names that a manifest lists as results.
  private static func outputs(listedIn manifest: String) -> Set<String> {
    guard let record = try? Manifest(contentsOf: manifest) else { return [] }
    let outputs = record.inputs.flatMap(\.outputs) + (record.outputs ?? [])
    return Set(outputs.filter { !$0.utf8.contains(UInt8(ascii: "/")) && !$0.hasPrefix(".") })
  }

  /// The name of the record that is written last.
  public static let manifestName = "manifest.json"

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

  /// Writes a file and returns its name.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    try AtomicFile.write(bytes, to: path + "/" + name, replacing: replaces)
    stale.remove(name)
    return name
  }

  /// A file that grows piece by piece, without a name until it is kept.
  /// - Throws: `FileError.exists` if the name is taken and may not be replaced.
  public func begin(_ name: String) throws(FileError) -> AtomicFile {
    try check([name])
    return try AtomicFile(path: path + "/" + name)
  }

  /// Gives a file that was begun its name.
  public func keep(_ file: AtomicFile, as name: String) throws(FileError) {
    try file.commit(replacing: replaces)
    stale.remove(name)
  }

  /// Notes a file that the caller wrote into the folder.
  public func note(_ name: String) { stale.remove(name) }

  /// Makes sure, before anything is computed, that files of these names may be written.
  public func check(_ names: [String]) throws(FileError) {
    for name in names where !replaces && Folders.kind(of: path + "/" + name) != nil {
      throw .exists(path: path + "/" + name)
    }
  }

  /// Writes the record that ends the folder.
  /// - Parameter records: the inputs, if they are not in the manifest itself.
  public func finish(_ manifest: Manifest, inputs records: InputRecords? = nil) throws {
    let file = try AtomicFile(path: path + "/" + Self.manifestName)
    if let records {
      try manifest.encode(inputs: records) { try file.write($0) }
    } else {
      try manifest.encoded().withUnsafeBytes { try file.write($0) }
    }
    try keep(file, as: Self.manifestName)
    for name in stale { Folders.removeFile(path + "/" + name) }
  }
}
