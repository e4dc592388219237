import FoundationEssentials

/// Points in time as reports write them.
public enum Timestamp {
  /// Now, as ISO 8601 in UTC with seconds.
  public static func now() -> String { Date.now.formatted(.iso8601) }
}
