import Glibc

/// The memory that this process may use.
public enum PhysicalMemory {
  /// Bytes that are built in.
  public static let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

  /// Bytes that the process may use: what is built in, or less where a container (cgroup) or the shell (`ulimit -v`) sets
  /// a limit.
  public static let usable = limit(root: "", addresses: addressLimit)

  /// The most bytes of address space, if there is a limit.
  private static var addressLimit: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  /// The least of all limits.
  /// - Parameters:
  ///   - root: a folder in place of the system's root, for tests.
  ///   - addresses: a further limit.
  static func limit(root: String, addresses: Int? = nil, builtIn: Int = bytes) -> Int {
    ([builtIn, addresses].compactMap { $0 } + controlGroupLimits(root: root)).min() ?? builtIn
  }

  /// The limits of the process's control groups and of all groups around them: version 2 has one tree (`memory.max`),
  /// version 1 one for memory (`memory.limit_in_bytes`), and both may be there at once. A container often sees its own
  /// group as the root, wherever `/proc/self/cgroup` says that it is.
  private static func controlGroupLimits(root: String) -> [Int] {
    guard let text = text(root + "/proc/self/cgroup") else { return [] }
    return text.split(separator: "\n").flatMap { line -> [Int] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let mount: String
      let file: String
      if fields[0] == "0", fields[1].isEmpty {
        (mount, file) = ("/sys/fs/cgroup", "memory.max")
      } else if fields[1].split(separator: ",").contains("memory") {
        (mount, file) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      } else {
        return []
      }
      var group = Substring(fields[2])
      var limits: [Int] = []
      while true {
        // "max", or a number near 2⁶³, is no limit.
        if let limit = Self.text("\(root)\(mount)\(group)/\(file)").flatMap({ Int($0.filter { $0 != "\n" }) })
        {
          limits.append(limit)
        }
        guard let slash = group.lastIndex(of: "/") else { return limits.filter { $0 > 0 } }
        group = group[..<slash]
      }
    }
  }

  private static func text(_ path: String) -> String? {
    (try? FileBytes.read(path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension PhysicalMemory {
  /// The most bytes that this process has held at once; 0 if the system does not tell.
  ///
  /// Read from `/proc/self/status`, because `getrusage` begins with what the parent held.
  public static var peakOfProcess: Int {
    let line = text("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { $0.split(whereSeparator: { " \t".contains($0) }).dropFirst().first }.flatMap {
      Int($0)
    }
    .map { $0 * 1024 } ?? 0
  }
}
