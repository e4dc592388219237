import Glibc

/// A file's bytes, read as they are now: what happens to the file later does not matter, and a pipe will do.
public enum FileBytes {
  /// No picture or array that edviz reads whole is larger.
  public static let standardLimit = 4 << 30

  /// Reads a whole file or pipe.
  /// - Throws: `FileError`, also if there are more than `limit` bytes.
  public static func read(_ path: String, limit: Int = standardLimit) throws(FileError) -> [UInt8] {
    // Not waiting: a named pipe that nobody writes to is empty rather than endless silence.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .reading(path) }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .reading(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .isFolder(path: path) }
    guard Int(status.st_size) <= limit else { throw tooLarge(path, limit) }
    // Swift ends the process where an array's memory cannot be had. What is small is not asked about: the answer is read
    // from small files itself.
    guard status.st_size < 1 << 24 || Int(status.st_size) <= PhysicalMemory.usable else {
      throw .unreadable(path: path, reason: "it has more bytes than there is memory")
    }

    return try read(descriptor: descriptor, path: path, limit: limit, expecting: Int(status.st_size))
  }

  /// Reads what is left of an open file or pipe; errors call it `path`.
  static func read(
    descriptor: Int32, path: String, limit: Int, expecting size: Int = 0
  ) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 1)
    var piece = max(1 << 16, min(size + 1, 1 << 24))
    while true {
      var failure: Int32 = 0
      let part = [UInt8](unsafeUninitializedCapacity: piece) { buffer, filled in
        var count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        while count < 0, errno == EINTR { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        if count < 0 { failure = errno }
        filled = max(0, count)
      }
      guard failure == 0 else { throw .reading(path, failure) }
      guard !part.isEmpty else { return bytes }
      guard bytes.count + part.count <= limit else { throw tooLarge(path, limit) }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      piece = 1 << 20
    }
  }

  private static func tooLarge(_ path: String, _ limit: Int) -> FileError {
    .unreadable(path: path, reason: "it has more than \(limit) bytes")
  }
}
