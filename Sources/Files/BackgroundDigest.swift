import Glibc

/// Linux's SCHED_IDLE, whose macro Swift does not import.
private let idlePolicy: Int32 = 5

/// The SHA-256 digest of a file, computed on a thread that runs only while a core would idle: a thread of ordinary
/// priority beside the engine's team would make the team wait for each other.
public final class BackgroundDigest {
  private final class Work {
    let path: String
    var result: Result<String, FileError>?

    init(path: String) { self.path = path }
  }

  private let work: Work
  private var thread: pthread_t?

  /// Starts reading the file.
  public init(ofFile path: String) {
    work = Work(path: path)
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(work)
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        var parameters = sched_param()
        _ = sched_setscheduler(0, idlePolicy, &parameters)
        work.result = Result { () throws(FileError) in try SHA256.hexadecimal(ofFile: work.path) }
        return nil
      }, argument.toOpaque())
    if status == 0 { self.thread = thread } else { argument.release() }
  }

  /// The digest, waiting for it if need be; 64 hexadecimal digits.
  public func value() throws(FileError) -> String {
    if let thread {
      pthread_join(thread, nil)
      self.thread = nil
    }
    if let result = work.result { return try result.get() }
    // No thread was to be had.
    return try SHA256.hexadecimal(ofFile: work.path)
  }

  deinit {
    if let thread { pthread_detach(thread) }
  }
}
