import ArgumentParser
import EDViz

/// How many bad pictures are too many.
struct UnreadableOptions: ParsableArguments {
  @Option(
    name: .customLong("max-unreadable"),
    help: ArgumentHelp(
      "Share of the pictures that may be unreadable, from 0 to 1, before the run ends with status 65. Up to then they are "
        + "named, counted and left out, and the status is 1.",
      valueName: "share"))
  var share = 1.0

  func validate() throws {
    guard (0...1).contains(share) else { throw ValidationError("--max-unreadable must be from 0 to 1") }
  }

  /// Ends a run that has met too many.
  /// - Throws: `Failure`, also with a share of 1 if nothing else is left.
  func check(_ count: Int, of total: Int, first: @autoclosure () -> [String]) throws {
    guard Double(count) > share * Double(total) else { return }
    throw DatasetError.tooManyBad(count: count, total: total, first: first())
  }
}
