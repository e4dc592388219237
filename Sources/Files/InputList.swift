import Glibc

/// The files that a user's arguments mean.
public enum InputList {
  /// Files with one of `extensions` (lower case, without dots) that the arguments mean: a file is itself, whatever
  /// it is called; a folder its files and those of its folders, but not folders of results; `-` the lines of standard input; anything with `*`,
  /// `?` or `[` that is no file, what the pattern matches. What is missing stays in the list, so that it is
  /// reported where it is read.
  public static func expand(_ arguments: [String], extensions: Set<String>) -> [String] {
    arguments.flatMap { argument -> [String] in
      if argument == "-" { return standardInputLines().flatMap { expandOne($0, extensions) } }
      return expandOne(argument, extensions)
    }
  }

  private static func expandOne(_ argument: String, _ extensions: Set<String>) -> [String] {
    switch Folders.kind(of: argument) {
    case .folder: return files(in: argument, extensions)
    case .some: return [argument]
    case nil:
      let matches = argument.contains(where: { "*?[".contains($0) }) ? glob(argument) : []
      return matches.isEmpty ? [argument] : matches.flatMap { expandOne($0, extensions) }
    }
  }

  private static func files(in folder: String, _ extensions: Set<String>) -> [String] {
    guard let names = try? Folders.contents(of: folder) else { return [folder] }
    return names.filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      switch Folders.kind(of: path) {
      // A linked folder is not entered, so that a circle of links ends; and what a command of ours made is no input
      // of the next one.
      case .folder: return Folders.isLink(path) || isResults(path) ? [] : files(in: path, extensions)
      case .file: return extensions.contains(fileExtension(of: name)) ? [path] : []
      default: return []
      }
    }
  }

  private static func isResults(_ path: String) -> Bool { Folders.kind(of: path + "/manifest.json") == .file }

  private static func fileExtension(of name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }

  private static func standardInputLines() -> [String] {
    var lines: [String] = []
    // `find -print0` parts names by NUL, which no name can hold.
    while let line = readLine() { lines += line.split(separator: "\0").map(String.init) }
    return lines
  }

  private static func glob(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard Glibc.glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }
}
