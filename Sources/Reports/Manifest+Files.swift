extension Manifest {
  /// The plain names of all files of the run in its folder but the record itself: what goes when the run is replaced.
  public var files: Set<String> {
    var names = Set(inputs.flatMap(\.outputs) + (outputs ?? []) + (localisation?.outputs ?? []))
    // Records of earlier versions, which did not list all.
    if localisation != nil { names.formUnion(["unscored.csv", "report.html"]) }
    if classification != nil {
      names.formUnion(["confusion.csv", "confusion.svg", "confusion.png", "classes.csv"])
    }
    return names.filter { !$0.utf8.contains(UInt8(ascii: "/")) && !$0.hasPrefix(".") }
  }
}
