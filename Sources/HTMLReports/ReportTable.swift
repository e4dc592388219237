/// Rows with columns, which a reader can sort.
public struct ReportTable: Sendable {
  /// What the cells of a column are.
  public enum Kind: Sendable {
    /// Words.
    case text
    /// Numbers with so many decimals, and what stands behind each, such as " %".
    case number(decimals: Int, unit: String = "")
  }

  /// A column.
  public struct Column: Sendable {
    /// Its heading.
    public var name: String
    /// What its cells are.
    public var kind: Kind

    /// A column.
    public init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }

    /// A column of numbers from 0 to 100.
    public static func percent(_ name: String, decimals: Int = 1) -> Column {
      Column(name, .number(decimals: decimals, unit: " %"))
    }
  }

  /// What stands in a cell.
  public enum Cell: Sendable, ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
    /// Words.
    case text(String)
    /// A number; one that is not there, or not finite, is a dash and comes last.
    case number(Double?)

    /// Words.
    public init(stringLiteral text: String) { self = .text(text) }
    /// A number.
    public init(floatLiteral number: Double) { self = .number(number) }
  }

  /// A row.
  public struct Row: Sendable {
    /// A cell for each column.
    public var cells: [Cell]
    /// A picture before them.
    public var thumbnail: Thumbnail?

    /// A row.
    public init(_ cells: [Cell], thumbnail: Thumbnail? = nil) {
      self.cells = cells
      self.thumbnail = thumbnail
    }
  }

  /// The columns.
  public let columns: [Column]
  /// The rows, in the order in which they are shown first.
  public let rows: [Row]

  /// A table; every row has a cell for each column.
  public init(columns: [Column], rows: [Row]) {
    precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a cell for each column")
    self.columns = columns
    self.rows = rows
  }

  var context: [String: Any] {
    let hasPictures = rows.contains { $0.thumbnail != nil }
    return [
      "hasPictures": hasPictures,
      "columns": columns.map { ["name": $0.name, "kind": $0.kind.name] },
      "rows": rows.map { row in
        [
          // Said again, because a row is looked through before what is around it.
          "hasPictures": hasPictures,
          "thumbnail": row.thumbnail.map { [$0.source] } ?? [],
          "cells": zip(columns, row.cells).map { $0.kind.context($1) },
        ] as [String: Any]
      },
    ]
  }
}

extension ReportTable.Kind {
  var name: String {
    switch self {
    case .text: "text"
    case .number: "number"
    }
  }

  /// How a cell is shown in a column of this kind.
  func shown(_ cell: ReportTable.Cell) -> String {
    switch (cell, self) {
    case (.text(let text), _): return text
    case (.number(let value?), .number(let decimals, let unit)) where value.isFinite:
      return value.reportText(decimals: decimals) + unit
    case (.number(let value?), .text) where value.isFinite: return "\(value)"
    case (.number, _): return "–"
    }
  }

  fileprivate func context(_ cell: ReportTable.Cell) -> [String: Any] {
    var context: [String: Any] = ["kind": name, "text": shown(cell), "tip": [String](), "sort": [String]()]
    if case .number(let value?) = cell, value.isFinite {
      (context["tip"], context["sort"]) = (["\(value)"], ["\(value)"])
    }
    return context
  }
}

extension Double {
  /// With a fixed number of decimals; as it is, if it is very large.
  public func reportText(decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { value, _ in value * 10 }
    guard abs(self) * scale < 1e15 else { return "\(self)" }
    let units = Int((abs(self) * scale).rounded())
    let digits = String(units)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let text = decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
    return (self < 0 && units > 0 ? "−" : "") + text
  }
}
