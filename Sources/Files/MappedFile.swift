import Glibc

/// A file's bytes, read-only, mapped into memory: pages are read when they are touched. Of a file that somebody shortens
/// meanwhile see `TruncatedFiles`; to replace it by renaming, as this package writes, is safe.
public final class MappedFile: @unchecked Sendable {
  /// The path as given.
  public let path: String
  /// The whole file. Valid while this object lives: for those who keep the object beside what they derive.
  package let bytes: UnsafeRawBufferPointer

  /// Size in bytes.
  public var count: Int { bytes.count }

  /// Maps a regular file. An empty file gives empty bytes.
  /// - Throws: `FileError` if the path is missing, a folder, not a regular file or not readable.
  public init(path: String) throws(FileError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .reading(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .reading(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .isFolder(path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "not a regular file")
    }
    guard status.st_size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let size = Int(status.st_size)
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw .reading(path)
    }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
    TruncatedFiles.add(bytes, path: path)
  }

  /// Lends the whole file; the pointer is valid only inside `body`.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  deinit {
    guard let start = bytes.baseAddress else { return }
    TruncatedFiles.remove(bytes)
    munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
  }
}
