import Glibc

/// A thread of the system, for work that blocks: it takes no thread from anyone's pool.
final class BackgroundThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private var thread = pthread_t()
  private var isRunning: Bool

  /// Starts the work. A system that has no thread left ends the program.
  init(_ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(Body(run))
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    isRunning = status == 0
    precondition(isRunning, "the system has no thread left")
  }

  /// Waits until the work is done.
  func join() {
    guard isRunning else { return }
    isRunning = false
    pthread_join(thread, nil)
  }

  deinit {
    if isRunning { pthread_detach(thread) }
  }
}
