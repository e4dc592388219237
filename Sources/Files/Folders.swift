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

  /// Bytes of a file; nil if there is none.
  public static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Whether a path is a link, wherever that leads.
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Makes a folder and its missing parents.
  public static func make(_ path: String) throws(FileError) {
    switch kind(of: path) {
    case .folder: return
    case .some: throw .unwritable(path: path, reason: "a file has this name")
    case nil: break
    }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try make(String(path[..<slash])) }
    guard makeOne(path) == 0 || errno == EEXIST else { throw .writing(path) }
  }

  private static func makeOne(_ path: String) -> Int32 {
    DiskChange.perform(.makeFolder, path) { mkdir(path, 0o777) }
  }

  /// Makes a folder, and its missing parents, for the caller alone; false if it exists already.
  public static func claim(_ path: String) throws(FileError) -> Bool {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try make(String(path[..<slash])) }
    if makeOne(path) == 0 { return true }
    guard errno == EEXIST else { throw .writing(path) }
    return false
  }

  /// Removes a folder unless something is in it.
  public static func removeIfEmpty(_ path: String) { rmdir(path) }

  /// Removes a file; nothing happens if there is none.
  public static func removeFile(_ path: String) { unlink(path) }

  /// Removes what a killed process had not given its name yet: files under the names that `AtomicFile` and `link` use for a
  /// moment, `.edviz.…` and `….PID.edviz`. Nobody else may be at work in the folder.
  public static func removeUnnamed(in folder: String) {
    for name in (try? contents(of: folder)) ?? [] {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      let isLink = parts.count >= 3 && parts.last == "edviz" && Int32(parts[parts.count - 2]) != nil
      if name.hasPrefix(".edviz.") || isLink { removeFile(folder + "/" + name) }
    }
  }

  /// Gives a file another name in one step, in place of what had that name.
  public static func move(_ path: String, to name: String) throws(FileError) {
    guard DiskChange.perform(.rename, name, { rename(path, name) }) == 0 else { throw .writing(name) }
  }

  /// Waits until the names in a folder are on the disk. File systems that cannot say so are believed.
  public static func synchronize(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writing(path) }
    defer { close(descriptor) }
    let done = DiskChange.perform(.synchronize, path) { fsync(descriptor) }
    guard done == 0 || errno == EINVAL || errno == EROFS else { throw .writing(path) }
  }

  /// Gives a file a second name in one step, in place of what had that name: a hard link, or a copy where the file
  /// system has none.
  public static func link(_ path: String, as name: String) throws(FileError) {
    let temporary = "\(name).\(getpid()).edviz"
    unlink(temporary)
    guard DiskChange.perform(.link, name, { Files.link(path, temporary) }) == 0 else {
      let hasNone = [EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EXDEV].contains(errno)
      guard hasNone else { throw .writing(name) }
      return try copy(path, to: name)
    }
    guard DiskChange.perform(.rename, name, { rename(temporary, name) }) == 0 else {
      let code = errno
      unlink(temporary)
      throw .writing(name, code)
    }
    // Renaming does nothing if both are the same file already.
    unlink(temporary)
  }

  private static func copy(_ path: String, to name: String) throws(FileError) {
    let file = try AtomicFile(path: name)
    let source = try MappedFile(path: path)
    defer { withExtendedLifetime(source) {} }
    try file.write(source.bytes)
    try file.commit()
  }

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
    return Paths.text(
      cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
  }
}
