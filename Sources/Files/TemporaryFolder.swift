import Glibc

/// A fresh folder that is removed, with all it holds, when this object goes.
package final class TemporaryFolder {
  package let path: String

  /// Where such folders are made.
  package static var parent: String { getenv("TMPDIR").map { Paths.text(cString: $0) } ?? "/tmp" }

  package init() throws(FileError) {
    let parent = Self.parent
    var template = Paths.system("\(parent)/edviz.XXXXXX")
    let made = DiskChange.perform(.makeFolder, parent) { mkdtemp(&template) == nil ? Int32(-1) : 0 }
    guard made == 0 else { throw .writing(parent) }
    path = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { Paths.text(cString: $0) } ?? parent
    }
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    // `unlink` refuses folders and does not follow links, so nothing outside is ever touched.
    guard unlink(path) != 0, let names = try? Folders.contents(of: path) else { return }
    for name in names { remove(path + "/" + name) }
    rmdir(path)
  }
}
