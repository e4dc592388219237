import CKernels

/// How many threads the engine computes with.
public enum Threads {
  /// Threads of the team; by default one for each core, or what `OMP_NUM_THREADS` says.
  public static var count: Int { Int(edviz_threads()) }

  /// Sets the team's size, from 1 to 1024, for calls made by this thread. OpenBLAS over OpenMP follows; its own setting is
  /// one for all threads, which must not change while another thread computes.
  public static func use(_ count: Int) { edviz_set_threads(Int32(min(max(1, count), 1024))) }

  /// Runs `body` with so many threads for the calls that it makes from this thread, whose own number comes back afterwards.
  public static func with<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    let before = Self.count
    use(count)
    defer { use(before) }
    return try body()
  }

  /// How many of so many independent passes are best computed at once: one on each thread, because a thread that computes
  /// alone waits for no other.
  public static func workers(for passes: Int) -> Int { max(1, min(passes, count)) }

  /// The instruction set that the hand-written loops use: "avx512", "avx2" or "portable".
  public static var kernelLevel: String { String(cString: edviz_kernel_level()) }
}
