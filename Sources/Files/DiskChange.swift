import Glibc

/// A call that changes what is on the disk. All of this package's go through `perform`, so that a test can count them,
/// look at the disk between them and make any one of them fail.
///
/// Removals are none: a file that cannot be removed is left behind, and nothing depends on it.
package struct DiskChange: Sendable {
  /// What is changed.
  package enum Kind: String, Sendable {
    case create, write, truncate, synchronize, close, link, rename, makeFolder
  }

  /// What is changed.
  package let kind: Kind
  /// The file or folder.
  package let path: String

  /// Is asked before each change of the thread that it is set for; the change fails with what it returns, an `errno`, and
  /// is made if that is nil.
  package static let watcher = ThreadValue<@Sendable (DiskChange) -> Int32?>()

  /// What the environment asks of the whole process.
  private static let plan = DiskFaultPlan.ofEnvironment

  /// Makes the change, unless somebody wants it to fail: then the result is -1, as that of a system call.
  @inline(__always)
  static func perform<Result: SignedInteger>(
    _ kind: Kind, _ path: @autoclosure () -> String, _ call: () -> Result
  ) -> Result {
    if watcher.current != nil || plan != nil, let code = failure(DiskChange(kind: kind, path: path())) {
      errno = code
      return -1
    }
    return call()
  }

  private static func failure(_ change: DiskChange) -> Int32? {
    watcher.current?(change) ?? plan?.failure(of: change)
  }
}
