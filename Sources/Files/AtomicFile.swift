import Glibc

/// A file that comes into being whole or not at all.
///
/// Where the file system can, its bytes have no name until they are all written, so that not even a killed process
/// leaves a part of it; elsewhere they have a temporary name beside the target. Dropped without `commit`, it leaves
/// nothing behind.
public final class AtomicFile {
  private let path: String
  private let folder: String
  private let name: String
  /// The name that the bytes have while they are written, if they need one.
  private var temporaryPath: String?
  private var descriptor: Int32

  /// Opens a nameless or temporary file in the folder of `path`, whose missing parents are made.
  /// - Throws: `FileError.unwritable` with the system's reason.
  public init(path: String) throws(FileError) {
    self.path = path
    (folder, name) = Self.split(path)
    try Folders.make(folder)
    // O_TMPFILE, whose macro Swift does not import.
    descriptor = open(folder, O_WRONLY | O_CLOEXEC | O_DIRECTORY | 0o20000000, 0o666)
    guard descriptor < 0 else { return }
    var template = Array("\(folder)/.\(name).XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .writing(path) }
    temporaryPath = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard var position = bytes.baseAddress else { return }
    var remaining = bytes.count
    while remaining > 0 {
      let written = Glibc.write(descriptor, position, remaining)
      if written < 0 {
        if errno == EINTR { continue }
        throw .writing(path)
      }
      position += written
      remaining -= written
    }
  }

  /// Gives the file its name, replacing what had it, and closes it.
  public func commit() throws(FileError) {
    let temporary: String
    if let temporaryPath { temporary = temporaryPath } else { temporary = try linkTemporaryName() }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw .writing(path, code)
    }
  }

  /// A nameless file cannot replace another, so it gets a temporary name for the moment before it is renamed.
  private func linkTemporaryName() throws(FileError) -> String {
    for attempt in 0..<100 {
      let candidate = "\(folder)/.\(name).\(getpid()).\(attempt)"
      if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, candidate, AT_SYMLINK_FOLLOW) == 0 {
        return candidate
      }
      guard errno == EEXIST else { break }
    }
    throw .writing(path)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if let temporaryPath { unlink(temporaryPath) }
  }

  /// Writes `bytes` to `path` in one step.
  /// - Throws: `FileError.unwritable`; what stood at `path` before is then untouched.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    let file = try AtomicFile(path: path)
    try ContiguousArray(bytes).withUnsafeBytes { try file.write($0) }
    try file.commit()
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}
