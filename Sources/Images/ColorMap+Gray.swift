extension ColorMap {
  /// From black to white.
  public static let gray = ColorMap(name: "gray") { level in (level, level, level) }
}
