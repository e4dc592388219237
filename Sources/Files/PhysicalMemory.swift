import Glibc

/// The machine's memory.
public enum PhysicalMemory {
  /// Bytes that are built in.
  public static let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
}

extension PhysicalMemory {
  /// The most bytes that this process has held at once; 0 if the system does not tell.
  ///
  /// Read from `/proc/self/status`, because `getrusage` begins with what the parent held.
  public static var peakOfProcess: Int {
    guard let status = try? FileBytes.read("/proc/self/status") else { return 0 }
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { $0.split(whereSeparator: { " \t".contains($0) }).dropFirst().first }.flatMap {
      Int($0)
    }
    .map { $0 * 1024 } ?? 0
  }
}
