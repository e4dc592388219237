import Glibc

/// The machine's memory.
public enum PhysicalMemory {
  /// Bytes that are built in.
  public static let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
}
