import Glibc

/// A file that comes into being whole or not at all: bytes go to a temporary name beside the target, which is
/// renamed when all are written. Dropped without `commit`, it leaves nothing behind.
public final class AtomicFile {
  private let path: String
  private let temporaryPath: String
  private var descriptor: Int32

  /// Opens a temporary file beside `path`, whose missing parent folders are made.
  /// - Throws: `FileError.unwritable` with the system's reason.
  public init(path: String) throws(FileError) {
    self.path = path
    let (folder, name) = Self.split(path)
    try Folders.make(folder)
    var template = Array("\(folder)/.\(name).XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .writing(path) }
    temporaryPath = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? path
    }
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

  /// Closes the file and gives it its name, replacing what had it.
  public func commit() throws(FileError) {
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporaryPath, path) == 0 else {
      let code = errno
      unlink(temporaryPath)
      throw .writing(path, code)
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporaryPath)
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
