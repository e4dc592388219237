/// Colours for the numbers 0 to 255.
public struct ColorMap: Hashable, Sendable {
  /// What the map is called on the command line and in reports.
  public let name: String
  /// 256 times red, green, blue.
  let table: [UInt8]

  /// Every map, in the order in which lists show them.
  public static let all: [ColorMap] = [.jet, .turbo, .viridis, .magma, .gray, .blueWhiteRed]

  /// The map called `name`, in any case of letters.
  /// - Throws: `ImageError.unknownColorMap`, which lists the names.
  public static func named(_ name: String) throws(ImageError) -> ColorMap {
    let wanted = name.lowercased()
    guard let map = all.first(where: { $0.name == wanted }) else {
      throw .unknownColorMap(name: name, known: all.map(\.name))
    }
    return map
  }

  /// The colour of one level.
  public subscript(level: UInt8) -> Color {
    let entry = Int(level) * 3
    return Color(red: table[entry], green: table[entry + 1], blue: table[entry + 2])
  }

  /// A map given by a rule.
  init(name: String, colors: (Int) -> (red: Int, green: Int, blue: Int)) {
    self.name = name
    table = (0...255).flatMap { level in
      let color = colors(level)
      return [UInt8(clamping: color.red), UInt8(clamping: color.green), UInt8(clamping: color.blue)]
    }
  }

  /// A map given by a published table: six hexadecimal digits a level, line breaks ignored.
  init(name: String, hex: String) {
    self.name = name
    let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    precondition(digits.count == 256 * 6, "a table has 256 colours")
    table = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
