import COpenSSL
import Glibc

/// The SHA-256 digest of bytes, by OpenSSL.
public enum SHA256 {
  /// 64 hexadecimal digits.
  public static func hexadecimal(of bytes: UnsafeRawBufferPointer) -> String {
    var digest = Digest()
    digest.update(bytes)
    return digest.hexadecimal()
  }

  /// 64 hexadecimal digits for texts, each ended by a NUL, so that it matters where one ends.
  public static func hexadecimal(of texts: some Sequence<String>) -> String {
    var digest = Digest()
    for var text in texts {
      text.append("\0")
      text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
    }
    return digest.hexadecimal()
  }

  /// 64 hexadecimal digits for a file's content, read in pieces.
  public static func hexadecimal(ofFile path: String) throws(FileError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .reading(path) }
    defer { close(descriptor) }
    var digest = Digest()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .reading(path)
      }
      guard count > 0 else { return digest.hexadecimal() }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}

/// A digest in the making.
private struct Digest: ~Copyable {
  private let context: OpaquePointer?

  /// OpenSSL gives its tables back when a program exits, while a digest in the background may still read them: it is
  /// told not to, before anything else makes it ready.
  private static let isReady: Bool = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

  init() {
    precondition(Self.isReady, "OpenSSL cannot be made ready")
    context = EVP_MD_CTX_new()
    let started = EVP_DigestInit_ex(context, EVP_sha256(), nil)
    precondition(started == 1, "OpenSSL cannot compute SHA-256")
  }

  deinit { EVP_MD_CTX_free(context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let done = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(done == 1, "OpenSSL cannot compute SHA-256")
  }

  mutating func hexadecimal() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = EVP_DigestFinal_ex(context, &digest, nil)
    precondition(done == 1, "OpenSSL cannot compute SHA-256")
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
