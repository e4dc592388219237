import Glibc

/// The parts of a path. They are looked for byte by byte: a mark that combines with a slash is part of the name behind it,
/// and looking for characters from the end takes, for some, time that grows with the square of the length.
public enum Paths {
  /// The file's name without folders and without its ending.
  public static func stem(of path: String) -> String {
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap(String.init) ?? path
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// The folder that a path names its file in; `.` for a name alone.
  public static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path as seen from where `folder` is seen; absolute paths stay.
  public static func resolved(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder == "." ? path : (folder.hasSuffix("/") ? folder : folder + "/") + path
  }

  /// Where `inner` lies below `outer`, both of which exist, whatever links and dots they are named by: empty if they are
  /// one, nil if it lies elsewhere.
  public static func place(of inner: String, in outer: String) -> String? {
    guard let inner = real(inner), let outer = real(outer) else { return nil }
    guard inner != outer else { return "" }
    let start = outer == "/" ? outer : outer + "/"
    return inner.utf8.starts(with: start.utf8) ? String(inner.utf8.dropFirst(start.utf8.count)) : nil
  }

  /// The path from the root without links and dots; nil if nothing is there.
  public static func real(_ path: String) -> String? {
    guard let real = realpath(system(path), nil) else { return nil }
    defer { free(real) }
    return text(cString: real)
  }

  /// The path from the root.
  public static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    guard let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return resolved(path.hasPrefix("./") ? String(path.dropFirst(2)) : path, in: text(cString: current))
  }
}
