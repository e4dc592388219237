import Glibc

/// The files that a user's arguments mean.
public struct InputList: Sendable {
  /// The files, in the order of the arguments and of the names in folders.
  public private(set) var paths: [String] = []
  /// A sentence about what lies in the folders that were looked through and is left out although it may have been meant.
  public private(set) var remarks: [String] = []
  private let extensions: Set<String>

  /// Files with one of `extensions` (lower case, without dots) that the arguments mean: a file is itself, whatever
  /// it is called; a folder its files and those of its folders, but not folders of results; `-` the lines of standard input; anything with `*`,
  /// `?` or `[` that is no file, what the pattern matches. What is missing stays in the list, so that it is
  /// reported where it is read.
  /// - Throws: `FileError` for standard input that cannot be read, or has no end.
  public init(_ arguments: [String], extensions: Set<String>) throws(FileError) {
    self.extensions = extensions
    for argument in arguments {
      if argument == "-" {
        for line in try Self.standardInputLines() { expand(line) }
      } else {
        expand(argument)
      }
    }
  }

  private mutating func expand(_ argument: String) {
    switch Folders.kind(of: argument) {
    case .folder: walk(argument)
    case .some: paths.append(argument)
    case nil:
      let matches = argument.contains(where: { "*?[".contains($0) }) ? Self.glob(argument) : []
      if matches.isEmpty { paths.append(argument) } else { for match in matches { expand(match) } }
    }
  }

  private mutating func walk(_ folder: String) {
    guard let names = try? Folders.contents(of: folder) else { return paths.append(folder) }
    let hidden = names.count { $0.hasPrefix(".") && isWanted($0) }
    if hidden > 0 {
      remarks.append("\(folder): \(hidden) of the names in it begin with a dot and are left out")
    }
    for name in names where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      guard Folders.kind(of: path) == .folder else {
        // Also a link that leads nowhere, which is reported where it is read.
        if isWanted(name) { paths.append(path) }
        continue
      }
      // A linked folder is not entered, so that a circle of links ends; and what a command of ours made is no input
      // of the next one.
      if Folders.isLink(path) {
        remarks.append("\(path): is a link to a folder and is left out")
      } else if Folders.kind(of: path + "/manifest.json") == .file {
        remarks.append("\(path): holds results, as its manifest.json says, and is left out")
      } else {
        walk(path)
      }
    }
  }

  private func isWanted(_ name: String) -> Bool {
    name.lastIndex(of: ".").map { extensions.contains(name[name.index(after: $0)...].lowercased()) } ?? false
  }

  /// Names on lines, or ended by NUL.
  private static func standardInputLines() throws(FileError) -> [String] {
    TextFile.nameLines(
      in: try FileBytes.read(descriptor: STDIN_FILENO, path: "standard input", limit: mostListBytes))
  }

  /// A million names of 256 bytes.
  private static let mostListBytes = 256 << 20

  private static func glob(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard Glibc.glob(Paths.system(pattern), 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { Paths.text(cString: $0) }
    }
  }
}
