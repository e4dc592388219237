import Glibc
import Synchronization

/// Files that are shortened while they are mapped: whoever touches a page that is gone gets a SIGBUS, on whatever thread and
/// however deep in the engine it is. No error can be thrown from there, and to read instead of to map would hold weights
/// twice; so a program may ask that the process ends with a sentence about the file in place of a crash.
public enum TruncatedFiles {
  /// A mapped file: where its bytes lie, and what is said if they are gone.
  private struct Slot {
    var start: UInt = 0
    var end: UInt = 0
    var text: UnsafeMutableBufferPointer<UInt8>?
  }

  /// Many more files are never mapped at once; one for which there is no room is not named.
  private static let capacity = 256
  /// Read by the signal's handler without a lock: a slot counts once its start is set, which comes last.
  nonisolated(unsafe) private static let slots: UnsafeMutablePointer<Slot> = {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
    slots.initialize(repeating: Slot(), count: capacity)
    return slots
  }()
  private static let registering = Mutex(())
  private static let status = Atomic<Int32>(0)
  private static let describe = Mutex<(@Sendable (String) -> String)?>(nil)

  /// Ends the process from now on, when a file that is mapped later is found shortened.
  /// - Parameters:
  ///   - status: of the process.
  ///   - describe: what to say on standard error, the line's end included, of a sentence that names the file.
  public static func endProcess(status: Int32, describe: @escaping @Sendable (String) -> String) {
    _ = slots
    Self.status.store(status, ordering: .relaxed)
    Self.describe.withLock { $0 = describe }
    var action = sigaction()
    action.sa_flags = SA_SIGINFO
    action.__sigaction_handler.sa_sigaction = { _, information, _ in
      TruncatedFiles.end(at: UInt(bitPattern: information?.pointee._sifields._sigfault.si_addr))
    }
    sigaction(SIGBUS, &action, nil)
  }

  /// Only what a signal handler may call.
  private static func end(at address: UInt) {
    for index in 0..<capacity {
      let slot = slots[index]
      guard slot.start != 0, address >= slot.start, address < slot.end, let text = slot.text else { continue }
      _ = write(STDERR_FILENO, text.baseAddress, text.count)
      _exit(status.load(ordering: .relaxed))
    }
    // Not about a file of ours: as though nobody had listened, at the same instruction again.
    signal(SIGBUS, SIG_DFL)
  }

  /// Notes a file that is mapped.
  static func add(_ bytes: UnsafeRawBufferPointer, path: String) {
    guard let describe = describe.withLock({ $0 }) else { return }
    let start = UInt(bitPattern: bytes.baseAddress)
    registering.withLock { _ in
      guard let index = (0..<capacity).first(where: { slots[$0].start == 0 }) else { return }
      let message = Array(describe("\(path): was shortened while it was being read").utf8)
      let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: message.count)
      _ = text.initialize(from: message)
      slots[index].text = text
      slots[index].end = start + UInt(bytes.count)
      slots[index].start = start
    }
  }

  /// Forgets a file that is not mapped any more.
  static func remove(_ bytes: UnsafeRawBufferPointer) {
    let start = UInt(bitPattern: bytes.baseAddress)
    registering.withLock { _ in
      guard let index = (0..<capacity).first(where: { slots[$0].start == start }) else { return }
      slots[index].start = 0
      slots[index].text?.deallocate()
      slots[index].text = nil
    }
  }
}
