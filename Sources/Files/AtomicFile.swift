import Glibc
import Synchronization

/// A file that comes into being whole or not at all.
///
/// Where the file system can, its bytes have no name until they are all written, so that not even a killed process
/// leaves a part of it; elsewhere they have a temporary name beside the target. Dropped without `commit`, it leaves
/// nothing behind.
public final class AtomicFile {
  private let path: String
  private let folder: String
  /// The name that the bytes have while they are written, if they need one.
  private var temporaryPath: String?
  private var descriptor: Int32

  /// Opens a nameless or temporary file in the folder of `path`, whose missing parents are made.
  /// - Throws: `FileError.unwritable` with the system's reason.
  public init(path: String) throws(FileError) {
    self.path = path
    let folder = Paths.folder(of: path)
    self.folder = folder
    try Folders.make(folder)
    // O_TMPFILE, whose macro Swift does not import.
    descriptor = DiskChange.perform(.create, path) {
      open(folder, O_RDWR | O_CLOEXEC | O_DIRECTORY | 0o20000000, 0o666)
    }
    guard descriptor < 0 else { return }
    guard Self.isWithoutNameless(errno) else { throw .writing(path) }
    try openNamed()
  }

  /// A file with a temporary name from the start, as on a file system without nameless ones.
  init(namedBeside path: String) throws(FileError) {
    self.path = path
    folder = Paths.folder(of: path)
    descriptor = -1
    try Folders.make(folder)
    try openNamed()
  }

  /// Whether the reason is that the file system, or the kernel, knows no nameless files.
  private static func isWithoutNameless(_ code: Int32) -> Bool {
    [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(code)
  }

  /// The mode is left to the system, which takes the process's mask off it.
  private func openNamed() throws(FileError) {
    for _ in 0..<100 {
      let candidate = temporaryName()
      descriptor = DiskChange.perform(.create, path) {
        open(candidate, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      }
      if descriptor >= 0 {
        temporaryPath = candidate
        return
      }
      guard errno == EEXIST else { break }
    }
    throw .writing(path)
  }

  private static let lastNumber = Atomic(0)

  /// A name that no other file of this process gets; another process may have left it.
  private func temporaryName() -> String {
    "\(folder)/.edviz.\(getpid()).\(Self.lastNumber.add(1, ordering: .relaxed).newValue)"
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard var position = bytes.baseAddress else { return }
    var remaining = bytes.count
    while remaining > 0 {
      let written = DiskChange.perform(.write, path) { Glibc.write(descriptor, position, remaining) }
      if written < 0 {
        if errno == EINTR { continue }
        throw .writing(path)
      }
      position += written
      remaining -= written
    }
  }

  /// Hands on what was written so far, from the beginning, in pieces of up to 64 KiB.
  public func visit(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { piece in
      var position = 0
      while true {
        let count = pread(descriptor, piece.baseAddress, piece.count, position)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          throw FileError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard count > 0 else { return }
        try body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        position += count
      }
    }
  }

  /// Gives the file its name and closes it.
  /// - Parameters:
  ///   - replacing: whether a file that has the name already is replaced; else it is an error.
  ///   - durable: whether the bytes, and then the name, are on the disk when this returns, so that not even a power
  ///     failure leaves the name with other bytes.
  public func commit(replacing: Bool = true, durable: Bool = false) throws(FileError) {
    guard !durable || DiskChange.perform(.synchronize, path, { fsync(descriptor) }) == 0 else {
      throw .writing(path)
    }
    try commit(replacing)
    if durable { try Folders.synchronize(folder) }
  }

  private func commit(_ replacing: Bool) throws(FileError) {
    guard replacing else { return try commitAsNew() }
    let temporary: String
    if let temporaryPath { temporary = temporaryPath } else { temporary = try linkTemporaryName() }
    // From here on the name is removed here, not by `deinit`.
    temporaryPath = nil
    guard closeDescriptor(), DiskChange.perform(.rename, path, { rename(temporary, path) }) == 0 else {
      let code = errno
      unlink(temporary)
      throw .writing(path, code)
    }
  }

  /// False if the system says only now that the bytes could not be kept.
  private func closeDescriptor() -> Bool {
    // Closed in any case: nobody may close a number twice.
    let (closing, own) = (descriptor, DiskChange.perform(.close, path) { Int32(0) })
    let code = errno
    descriptor = -1
    guard close(closing) == 0 else { return false }
    errno = code
    return own == 0
  }

  /// A hard link fails if the name is taken, also by another process a moment ago.
  private func commitAsNew() throws(FileError) {
    let source = temporaryPath ?? "/proc/self/fd/\(descriptor)"
    let linked = DiskChange.perform(.link, path) {
      linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW)
    }
    guard linked == 0 else {
      let code = errno
      if code == EEXIST { throw .exists(path: path) }
      // A file system without hard links: look, then rename.
      guard temporaryPath != nil, [EPERM, EOPNOTSUPP, ENOSYS].contains(code) else {
        throw .writing(path, code)
      }
      guard Folders.kind(of: path) == nil else { throw .exists(path: path) }
      return try commit(true)
    }
    if let temporaryPath { unlink(temporaryPath) }
    temporaryPath = nil
    guard closeDescriptor() else {
      let code = errno
      unlink(path)
      throw .writing(path, code)
    }
  }

  /// A nameless file cannot replace another, so it gets a temporary name for the moment before it is renamed.
  private func linkTemporaryName() throws(FileError) -> String {
    for _ in 0..<100 {
      let candidate = temporaryName()
      let linked = DiskChange.perform(.link, path) {
        linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, candidate, AT_SYMLINK_FOLLOW)
      }
      if linked == 0 { return candidate }
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
  public static func write(
    _ bytes: some Sequence<UInt8>, to path: String, replacing: Bool = true, durable: Bool = false
  ) throws {
    let file = try AtomicFile(path: path)
    try ContiguousArray(bytes).withUnsafeBytes { try file.write($0) }
    try file.commit(replacing: replacing, durable: durable)
  }

}
