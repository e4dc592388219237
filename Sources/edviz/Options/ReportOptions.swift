import ArgumentParser
import EDViz

/// Whether a page for people is written beside the files for programs.
struct ReportOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Also write report.html: one file with pictures, tables and histograms that any browser opens from the disk."
    ))
  var report = false

  /// Writes the page.
  static func write(_ report: HTMLReport, to folder: ResultFolder) throws {
    try folder.write(try report.html(), to: HTMLReport.fileName)
  }
}
