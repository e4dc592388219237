import Glibc

/// A value that holds for the present thread while something runs, as `TaskLocal` has it for a task. Work here is done by
/// threads, in functions that do not suspend.
package final class ThreadValue<Value: Sendable>: Sendable {
  private final class Box: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  private let key: pthread_key_t

  /// A value that no thread has yet; it is to live as long as the process.
  package init() {
    var key = pthread_key_t()
    let failure = pthread_key_create(&key, nil)
    precondition(failure == 0, "a process has no more than \(PTHREAD_KEYS_MAX) values for threads")
    self.key = key
  }

  /// What the present thread has; nil outside of `with`.
  package var current: Value? {
    pthread_getspecific(key).map { Unmanaged<Box>.fromOpaque($0).takeUnretainedValue().value }
  }

  /// Runs `body` while the present thread has a value.
  package func with<Result>(_ value: Value, _ body: () throws -> Result) rethrows -> Result {
    let box = Box(value)
    let before = pthread_getspecific(key)
    pthread_setspecific(key, Unmanaged.passUnretained(box).toOpaque())
    defer { withExtendedLifetime(box) { _ = pthread_setspecific(key, before) } }
    return try body()
  }
}
