import CKernels
import COpenBLAS

/// How many threads the engine computes with.
public enum Threads {
  /// Threads of the team; by default one for each core, or what `OMP_NUM_THREADS` says.
  public static var count: Int { Int(edviz_threads()) }

  /// Sets the team's size, at least 1, for calls made by this thread.
  public static func use(_ count: Int) {
    edviz_set_threads(Int32(max(1, count)))
    openblas_set_num_threads(Int32(max(1, count)))
  }

  /// The instruction set that the hand-written loops use: "avx512", "avx2" or "portable".
  public static var kernelLevel: String { String(cString: edviz_kernel_level()) }
}
