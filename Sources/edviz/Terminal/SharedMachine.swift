import Glibc

/// Good manners on a machine that others use, too.
///
/// Threads of a team wait for each other by spinning, by default for some milliseconds. Where another program holds a
/// core, the spinning one keeps the late one from its own: a training beside a compiler ran at a third of the speed it has
/// when waiting threads soon sleep. On a quiet machine the limit changes nothing that can be measured. The OpenMP library
/// reads it once when a program starts, so that the program has to start again.
enum SharedMachine {
  private static let limit = "5000"

  /// Starts the program anew with a limit for spinning, unless the environment says how to wait; returns if that is not
  /// needed or not possible.
  static func limitSpinning() {
    guard getenv("GOMP_SPINCOUNT") == nil, getenv("OMP_WAIT_POLICY") == nil else { return }
    setenv("GOMP_SPINCOUNT", limit, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}
