import COpenSSL

/// The SHA-256 digest of bytes, by OpenSSL.
public enum SHA256 {
  /// 64 hexadecimal digits.
  public static func hexadecimal(of bytes: UnsafeRawBufferPointer) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let done = EVP_Digest(bytes.baseAddress, bytes.count, &digest, &length, EVP_sha256(), nil)
    precondition(done == 1 && length == 32, "OpenSSL cannot compute SHA-256")
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// 64 hexadecimal digits for a file's content.
  public static func hexadecimal(ofFile path: String) throws(FileError) -> String {
    let file = try MappedFile(path: path)
    return file.withUnsafeBytes(hexadecimal(of:))
  }
}
