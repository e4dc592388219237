import Glibc

/// A file that one holder at a time has, on this machine: it is free again when the holder is released or its process
/// ends, however it ends.
public final class FileLock {
  private let descriptor: Int32

  /// Takes the lock; nil if somebody else has it. The file is made if it is missing, and stays.
  /// - Throws: `FileError` if it cannot be opened. A file system without locks is taken as one without other users.
  public init?(path: String) throws(FileError) {
    descriptor = DiskChange.perform(.create, path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw .writing(path) }
    var result: Int32
    repeat { result = flock(descriptor, LOCK_EX | LOCK_NB) } while result != 0 && errno == EINTR
    // `deinit` closes the file.
    guard result == 0 || errno != EWOULDBLOCK else { return nil }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // Closing is not enough: a child that was forked and has not yet executed its program holds the file open too.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
