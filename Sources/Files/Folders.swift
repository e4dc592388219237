import Glibc

/// Questions about paths and folders.
public enum Folders {
  /// What stands at a path.
  public enum Kind: Sendable {
    case file, folder, other
  }

  /// What stands at `path`, following links; nil if nothing does.
  public static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Makes a folder and its missing parents.
  public static func make(_ path: String) throws(FileError) {
    switch kind(of: path) {
    case .folder: return
    case .some: throw .unwritable(path: path, reason: "a file has this name")
    case nil: break
    }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try make(String(path[..<slash])) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .writing(path) }
  }

  /// Makes a folder, and its missing parents, for the caller alone; false if it exists already.
  public static func claim(_ path: String) throws(FileError) -> Bool {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try make(String(path[..<slash])) }
    if mkdir(path, 0o777) == 0 { return true }
    guard errno == EEXIST else { throw .writing(path) }
    return false
  }

  /// Removes a folder unless something is in it.
  public static func removeIfEmpty(_ path: String) { rmdir(path) }

  /// Removes a file; nothing happens if there is none.
  public static func removeFile(_ path: String) { unlink(path) }

  /// Names in a folder, sorted by their bytes, without `.` and `..`.
  public static func contents(of path: String) throws(FileError) -> [String] {
    guard let stream = opendir(path) else { throw .reading(path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = entryName(entry)
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The name is read in place: an entry may be shorter than the declared size of its name.
  private static func entryName(_ entry: UnsafeMutablePointer<dirent>) -> String {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    return String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
  }
}
