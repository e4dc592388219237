import Glibc

/// What can go wrong between edviz and the file system. Each case names the file.
public enum FileError: Error, Equatable, Sendable {
  /// Nothing is there.
  case notFound(path: String)
  /// Something is there that cannot be read; `reason` is the system's.
  case unreadable(path: String, reason: String)
  /// A folder, where a file is needed.
  case isFolder(path: String)
  /// The file could not be created, written or renamed; `reason` is the system's.
  case unwritable(path: String, reason: String)
  /// The file exists and may not be replaced.
  case exists(path: String)
}

extension FileError: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch self {
    case .notFound(path: ""): "a name without characters: no such file or folder"
    case .notFound(let path): "\(path): no such file or folder"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .isFolder(let path): "\(path): is a folder, not a file"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .exists(let path): "\(path): exists already (--force replaces it)"
    }
  }

  /// The error of a failed system call on reading, from `errno`.
  static func reading(_ path: String, _ code: Int32 = errno) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: .notFound(path: path)
    case EISDIR: .isFolder(path: path)
    default: .unreadable(path: path, reason: String(cString: strerror(code)))
    }
  }

  /// The error of a failed system call on writing, from `errno`.
  static func writing(_ path: String, _ code: Int32 = errno) -> FileError {
    .unwritable(path: path, reason: String(cString: strerror(code)))
  }
}
