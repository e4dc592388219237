import Files
import HTMLReports
import Images
import Testing

@Suite struct HTMLReportTests {
  private static let hostile = #"<script>alert(1)</script>.jpg" onerror='alert(2)' &amp; {{title}} </style>"#

  private func text(_ report: HTMLReport) throws -> String {
    String(decoding: try report.html(), as: UTF8.self)
  }

  private func picture(_ seed: Int = 0, width: Int = 30, height: Int = 20) -> Image {
    Image(width: width, height: height, pixels: (0..<width * height * 3).map { UInt8(($0 * 7 + seed) & 255) })
  }

  /// Every place that takes a text.
  private func report(_ text: String) throws -> HTMLReport {
    var report = HTMLReport(title: text)
    (report.subtitle, report.footer) = (text, text)
    report.facts = [HTMLReport.Facts(text, [(text, text)])]
    let thumbnail = try Thumbnail(picture(), side: 16)
    let pictures = ReportCase.Pictures(thumbnail: thumbnail, large: [(text, thumbnail)])
    report.sections = [
      HTMLReport.Section(
        text, note: text,
        .table(
          ReportTable(
            columns: [
              ReportTable.Column(text, .text), ReportTable.Column(text, .number(decimals: 1, unit: text)),
            ],
            rows: [ReportTable.Row([.text(text), 0.5], thumbnail: thumbnail)]))),
      HTMLReport.Section(
        text, .histogram(ReportHistogram(axis: text, range: 0...1, series: [.init(text, counts: [1, 2])]))),
      HTMLReport.Section(text, .gallery([ReportCase(text, pictures: pictures, values: [(text, text)])])),
      HTMLReport.Section(text, .chart(light: "<svg>\(text)</svg>", dark: "<svg/>")),
    ]
    return report
  }

  @Test func textsAreEscapedWhereverTheyStand() throws {
    let page = try text(report(Self.hostile))
    #expect(
      !page.contains("<script>alert") && !page.contains("onerror='") && !page.contains(#".jpg" onerror"#))
    #expect(
      page.contains(
        "&lt;script&gt;alert(1)&lt;/script&gt;.jpg&quot; onerror=&#39;alert(2)&#39; &amp;amp; {{title}}"))
    // What is the page's own: one script, one style.
    #expect(page.components(of: "<script>") == 2 && page.components(of: "</script>") == 2)
    #expect(page.components(of: "<style>") == 2 && page.components(of: "</style>") == 2)
    // The same page with harmless words has the same tags.
    let harmless = try text(report("words"))
    #expect(page.components(of: "<") == harmless.components(of: "<"))
    #expect(page.components(of: "\"") == harmless.components(of: "\""))
  }

  @Test func nothingLeavesThePage() throws {
    let page = try text(report("words"))
    for word in ["http:", "https:", "@import", "url(", "<link", "<iframe", "<form", " style=", " onclick="] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("default-src 'none'; img-src data:; style-src 'sha256-"))
    for source in page.split(separator: "src=\"").dropFirst() { #expect(source.hasPrefix("data:image/")) }
    for source in page.split(separator: "srcset=\"").dropFirst() { #expect(source.hasPrefix("data:image/")) }
    #expect(try report("words").html() == report("words").html())
  }

  @Test func numbersKeepTheirValueForSorting() throws {
    var report = HTMLReport(title: "numbers")
    let columns = [ReportTable.Column("share", .number(decimals: 1, unit: " %"))]
    let rows = [12.345, -0.04, -7.25, 1e20, .nan, .infinity].map { ReportTable.Row([.number($0)]) }
    report.sections = [
      HTMLReport.Section(
        "t", .table(ReportTable(columns: columns, rows: rows + [ReportTable.Row([.number(nil)])])))
    ]
    let page = try text(report)
    #expect(page.contains(#"<td class="number" data-tip="12.345" data-sort="12.345">12.3 %</td>"#))
    #expect(page.contains(#"data-sort="-0.04">0.0 %</td>"#) && page.contains(">−7.3 %</td>"))
    #expect(page.contains(#"data-sort="1e+20">1e+20 %</td>"#))
    #expect(page.components(of: #"<td class="number">–</td>"#) == 4)
  }

  @Test func emptyReportsAreWhole() throws {
    var report = HTMLReport(title: "nothing")
    report.sections = [
      HTMLReport.Section("t", .table(ReportTable(columns: [], rows: []))),
      HTMLReport.Section("h", .histogram(ReportHistogram(axis: "", range: 0...1, series: []))),
      HTMLReport.Section("g", .gallery([])),
    ]
    let page = try text(report)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("</html>"))
  }

  @Test func thumbnailsAreSmall() throws {
    let wide = try Thumbnail(picture(width: 900, height: 3), side: 96)
    var report = HTMLReport(title: "t")
    report.sections = [
      HTMLReport.Section(
        "t",
        .table(
          ReportTable(
            columns: [ReportTable.Column("n", .text)], rows: [ReportTable.Row(["a"], thumbnail: wide)])))
    ]
    #expect(try report.html().count < 20_000)
  }
}

@Suite struct RankedCasesTests {
  private let thumbnail: Thumbnail

  init() throws { thumbnail = try Thumbnail(Image(width: 4, height: 4, filledWith: .white), side: 4) }

  private func cases(_ scores: [Double], mostRows: Int, mostPictures: Int, made: inout Int) -> RankedCases {
    var cases = RankedCases(
      columns: [ReportTable.Column("score", .number(decimals: 0))], mostRows: mostRows,
      mostPictures: mostPictures)
    for (index, score) in scores.enumerated() {
      cases.add("\(index)", score: score, cells: [.number(score)]) {
        made += 1
        return ReportCase.Pictures(thumbnail: thumbnail, large: [])
      }
    }
    return cases
  }

  @Test func keepsTheLowestAndTheHighest() {
    // 7919 is a prime, so that each score from 0 to 999 comes once.
    let scores = (0..<1000).map { Double($0 * 7919 % 1000) }
    var made = 0
    let cases = cases(scores, mostRows: 50, mostPictures: 10, made: &made)
    let table = cases.table
    let kept = Set(table.rows.map { scores[Int(name($0)) ?? 0] })
    #expect(cases.count == 1000 && table.rows.count == 50)
    #expect(kept == Set((0..<25).map(Double.init) + (975..<1000).map(Double.init)))
    let withPictures = table.rows.filter { $0.thumbnail != nil }.map { scores[Int(name($0)) ?? 0] }
    #expect(Set(withPictures) == Set((0..<5).map(Double.init) + (995..<1000).map(Double.init)))
    #expect(made < 200)
    #expect(cases.lowest(3).map { scores[Int($0.name) ?? 0] } == [0, 1, 2])
    #expect(cases.highest(3).map { scores[Int($0.name) ?? 0] } == [999, 998, 997])
    #expect(cases.lowest(3).allSatisfy { $0.pictures != nil })
    #expect(cases.remark.contains("50 of 1000"))
    let numbers = table.rows.compactMap { Int(name($0)) }
    #expect(numbers == numbers.sorted())
  }

  @Test func commonFoldersAreSaidOnce() {
    var cases = RankedCases(columns: [])
    for name in ["/data/photos/a/1.jpg", "/data/photos/ab/2.jpg", "/data/photos/a/3.jpg"] {
      cases.add(name, score: 0, cells: []) { nil }
    }
    #expect(cases.table.rows.map(name) == ["a/1.jpg", "ab/2.jpg", "a/3.jpg"])
    #expect(cases.lowest(1).map(\.name) == ["a/1.jpg"] && cases.remark == "They lie in /data/photos/.")
  }

  @Test func fewCasesAreAllKept() {
    var made = 0
    let cases = cases([3, .nan, 1, 1], mostRows: 50, mostPictures: 10, made: &made)
    #expect(made == 4 && cases.table.rows.count == 4 && cases.remark.isEmpty)
    #expect(cases.lowest(9).map(\.name) == ["1", "2", "3", "0"])
    #expect(cases.table.rows.allSatisfy { $0.thumbnail != nil })
  }

  /// Five thousand rows with two hundred pictures stay a page that a telephone can open.
  @Test func pagesStaySmall() throws {
    let picture = Image(
      width: 600, height: 400, pixels: (0..<720_000).map { UInt8(($0 &* 2_654_435_761) >> 7 & 255) })
    let (small, large) = (
      try Thumbnail(picture, side: Thumbnail.small), try Thumbnail(picture, side: Thumbnail.large)
    )
    var cases = RankedCases(columns: [ReportTable.Column("score", .number(decimals: 3))])
    for index in 0..<6000 {
      cases.add("photos/\(index).jpg", score: Double(index), cells: [.number(Double(index))]) {
        ReportCase.Pictures(thumbnail: small, large: [("photograph", large), ("overlay", large)])
      }
    }
    var report = HTMLReport(title: "many")
    report.sections = [
      HTMLReport.Section("low", .gallery(cases.lowest(12))), HTMLReport.Section("all", .table(cases.table)),
    ]
    #expect(cases.table.rows.count == 5000)
    #expect(try report.html().count < 8 << 20)
  }

  private func name(_ row: ReportTable.Row) -> String {
    if case .text(let text) = row.cells[0] { text } else { "" }
  }
}

extension String {
  /// Pieces that a separator leaves.
  fileprivate func components(of separator: String) -> Int {
    var (count, rest) = (1, self[...])
    while let found = rest.firstRange(of: separator) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
