import Glibc

/// A file that grows line by line. What is appended has been handed to the system, so that a kill loses nothing.
public final class LogFile {
  /// The file's path.
  public let path: String
  private let descriptor: Int32

  /// An empty file in place of what was there, or the first bytes of what is there.
  /// - Parameter count: how many bytes of an earlier log stay; the rest goes in one step, nothing if it is shorter.
  /// - Throws: `FileError`.
  public init(path: String, keeping count: Int = 0) throws {
    self.path = path
    // In place of, not in: somebody may have linked the earlier one.
    if count == 0 || Folders.kind(of: path) != .file { try AtomicFile.write([], to: path) }
    descriptor = DiskChange.perform(.create, path) { open(path, O_WRONLY | O_APPEND | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError.writing(path) }
    guard self.count > count else { return }
    let shortened = DiskChange.perform(.truncate, path) { ftruncate(descriptor, count) }
    if shortened != 0 { throw FileError.writing(path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The path without folders.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Number of bytes now.
  public var count: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Appends a line.
  public func append(_ line: String) throws(FileError) {
    var line = line + "\n"
    let failure = line.withUTF8 { bytes -> FileError? in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = DiskChange.perform(.write, path) {
          Glibc.write(descriptor, rest.baseAddress, rest.count)
        }
        if written < 0, errno == EINTR { continue }
        guard written >= 0 else { return .writing(path) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
      return nil
    }
    if let failure { throw failure }
  }

  /// Waits until all lines are on the disk.
  public func synchronize() throws(FileError) {
    let done = DiskChange.perform(.synchronize, path) { fsync(descriptor) }
    guard done == 0 || errno == EINVAL else { throw .writing(path) }
  }
}
