import Glibc

// The system's calls that take a name, for names as `Paths.text` gives them. They have the system's own names so that
// no call of this module can go past them.

func open(_ path: String, _ flags: Int32) -> Int32 { Glibc.open(Paths.system(path), flags) }
func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  Glibc.open(Paths.system(path), flags, mode)
}
func opendir(_ path: String) -> OpaquePointer? { Glibc.opendir(Paths.system(path)) }
func stat(_ path: String, _ status: UnsafeMutablePointer<Glibc.stat>) -> Int32 {
  // `Glibc.stat` is the type.
  fstatat(AT_FDCWD, Paths.system(path), status, 0)
}
func lstat(_ path: String, _ status: UnsafeMutablePointer<Glibc.stat>) -> Int32 {
  Glibc.lstat(Paths.system(path), status)
}
func mkdir(_ path: String, _ mode: mode_t) -> Int32 { Glibc.mkdir(Paths.system(path), mode) }
@discardableResult func rmdir(_ path: String) -> Int32 { Glibc.rmdir(Paths.system(path)) }
@discardableResult func unlink(_ path: String) -> Int32 { Glibc.unlink(Paths.system(path)) }
func rename(_ path: String, _ name: String) -> Int32 { Glibc.rename(Paths.system(path), Paths.system(name)) }
func link(_ path: String, _ name: String) -> Int32 { Glibc.link(Paths.system(path), Paths.system(name)) }
func linkat(_ folder: Int32, _ path: String, _ newFolder: Int32, _ name: String, _ flags: Int32) -> Int32 {
  Glibc.linkat(folder, Paths.system(path), newFolder, Paths.system(name), flags)
}
