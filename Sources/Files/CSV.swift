/// Fields of comma-separated values, as RFC 4180.
public enum CSV {
  /// The text, in quotation marks if it needs them.
  public static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
