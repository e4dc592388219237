import EDViz

extension CommandLine {
  /// The words of the command line, the program's own name first. Names of files among them need not be UTF-8
  /// (`Paths.text`).
  static let words: [String] = (0..<Int(argc)).compactMap { index in
    unsafeArgv[index].map { Paths.text(cString: $0) }
  }
}
