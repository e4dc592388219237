import Files

/// A folder that a command fills and ends with a manifest. Files in it come into being whole, and none that was
/// there before is replaced unless that was asked for.
public final class ResultFolder {
  /// The folder's path.
  public let path: String
  private let replaces: Bool
  private var names: Set<String> = []

  /// The folder that a user named. It is made with the first file, so that a run without results leaves none.
  /// - Throws: `FileError.exists` if it holds results already and may not be replaced.
  public init(named path: String, force: Bool) throws(FileError) {
    self.path = path
    replaces = force
    let manifest = path + "/" + Self.manifestName
    if !force, Folders.kind(of: manifest) != nil { throw .exists(path: manifest) }
  }

  /// `parent/name`, or `parent/name-2` and so on if there are results already.
  public static func fresh(in parent: String, name: String, force: Bool) throws(FileError) -> ResultFolder {
    var path = "\(parent)/\(name)"
    var number = 1
    while !force, Folders.kind(of: path) != nil {
      number += 1
      path = "\(parent)/\(name)-\(number)"
    }
    return try ResultFolder(named: path, force: force)
  }

  /// The name of the record that is written last.
  public static let manifestName = "manifest.json"

  /// A name for the results of an input that no other input of this run has: `cat`, `cat-2`.
  public func uniqueStem(for input: String) -> String {
    let stem = Paths.stem(of: input)
    var candidate = stem
    var number = 1
    while !names.insert(candidate).inserted {
      number += 1
      candidate = "\(stem)-\(number)"
    }
    return candidate
  }

  /// Writes a file and returns its name.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    try claim(name)
    try AtomicFile.write(bytes, to: path + "/" + name)
    return name
  }

  /// Makes sure that a file of this name may be written.
  public func claim(_ name: String) throws(FileError) {
    let target = path + "/" + name
    if !replaces, Folders.kind(of: target) != nil { throw .exists(path: target) }
  }

  /// Writes the record that ends the folder.
  public func finish(_ manifest: Manifest) throws {
    try write(manifest.encoded(), to: Self.manifestName)
  }
}
