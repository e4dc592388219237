import Files
import Mustache

/// A report as one HTML file that needs no other file and no network: it opens from a disk, light or dark as the reader
/// likes it, on a phone and on paper.
///
/// Every text is escaped. The page allows itself no more than pictures in it and its own style and script, which it names
/// by their digests: what a file's name may hold is never executed, and no request leaves the page.
public struct HTMLReport: Sendable {
  /// Things with names.
  public struct Facts: Sendable {
    /// Above them.
    public var heading: String
    /// In the order in which they are shown.
    public var facts: [(name: String, value: String)]

    /// Things with names.
    public init(_ heading: String, _ facts: [(name: String, value: String)]) {
      self.heading = heading
      self.facts = facts
    }
  }

  /// A part of the report under a heading.
  public struct Section: Sendable {
    /// What a section shows.
    public enum Content: Sendable {
      /// Rows that a reader can sort.
      case table(ReportTable)
      /// Bars with their values under the pointer.
      case histogram(ReportHistogram)
      /// Pictures with their values.
      case gallery([ReportCase])
      /// A drawing as SVG, in light and in dark.
      case chart(light: String, dark: String)
    }

    /// Above it.
    public var heading: String
    /// Below the heading; empty for none.
    public var note: String
    /// What it shows.
    public var content: Content

    /// A section.
    public init(_ heading: String, note: String = "", _ content: Content) {
      self.heading = heading
      self.note = note
      self.content = content
    }
  }

  /// Above everything, and the name of the page.
  public var title: String
  /// Below the title; empty for none.
  public var subtitle = ""
  /// Summary, protocol, and so on.
  public var facts: [Facts] = []
  /// What follows.
  public var sections: [Section] = []
  /// The last line.
  public var footer = ""

  /// A report to be filled.
  public init(title: String) { self.title = title }

  /// The file that commands write.
  public static let fileName = "report.html"

  /// The page. The same report gives the same bytes.
  public func html() throws -> [UInt8] {
    let style = String(decoding: PackageResources.report_css, as: UTF8.self)
    let script = String(decoding: PackageResources.report_js, as: UTF8.self)
    let template = try MustacheTemplate(
      string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
    let page: [String: Any] = [
      "title": title, "style": style, "script": script, "footer": footer,
      "styleHash": SHA256.base64(of: style), "scriptHash": SHA256.base64(of: script),
      "subtitle": subtitle.isEmpty ? [] : [subtitle],
      "groups": facts.map { group in
        [
          "heading": group.heading,
          "facts": group.facts.map { ["name": $0.name, "value": $0.value] },
        ] as [String: Any]
      },
      "sections": sections.map(\.context),
    ]
    return Array(template.render(page).utf8)
  }
}

extension HTMLReport.Section {
  fileprivate var context: [String: Any] {
    var context: [String: Any] = ["heading": heading, "note": note.isEmpty ? [] : [note]]
    // Two drawings fit beside each other, if the screen is not a telephone's.
    switch content {
    case .table, .gallery: context["width"] = "whole"
    case .histogram, .chart: context["width"] = "half"
    }
    switch content {
    case .table(let table): context["table"] = table.context
    case .histogram(let histogram): context["histogram"] = histogram.context
    case .gallery(let cases): context["gallery"] = ["cases": cases.map(\.context)]
    case .chart(let light, let dark):
      context["chart"] = [
        "light": DataURI.text(light, type: "image/svg+xml"),
        "dark": DataURI.text(dark, type: "image/svg+xml"),
      ]
    }
    return context
  }
}
