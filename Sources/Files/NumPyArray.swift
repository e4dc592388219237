/// An array of 32-bit floats in NumPy's `.npy` format, row-major.
public struct NumPyArray: Hashable, Sendable {
  /// Dimensions, outermost first.
  public let shape: [Int]
  /// Elements in row-major order.
  public let elements: [Float]

  /// An array of given elements.
  public init(shape: [Int], elements: [Float]) {
    precondition(shape.reduce(1, *) == elements.count, "elements do not fill \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// The file's bytes: version 1.0, little-endian `<f4`, the data at a multiple of 64.
  public var encoded: [UInt8] {
    let dimensions = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(dimensions)), }"
    let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
    header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
    bytes.reserveCapacity(bytes.count + length + elements.count * 4)
    bytes += header.utf8
    elements.withUnsafeBytes { bytes += $0 }
    return bytes
  }

  /// Reads a file of little-endian 32-bit floats, or of 64-bit ones, which are rounded, in row-major order.
  /// - Throws: `NumPyError`, `FileError`.
  public init(contentsOf path: String) throws {
    try self.init(bytes: FileBytes.read(path), path: path)
  }

  /// Reads such a file from memory; errors call it `path`.
  public init(bytes: [UInt8], path: String) throws {
    self = try bytes.withUnsafeBytes { try NumPyArray(bytes: $0, path: path) }
  }

  init(bytes: UnsafeRawBufferPointer, path: String) throws(NumPyError) {
    guard bytes.count >= 10, bytes[0] == 0x93, bytes[1..<6].elementsEqual("NUMPY".utf8) else {
      throw .notAnArray(path: path)
    }
    let isLong = bytes[6] >= 2
    guard (1...3).contains(bytes[6]), bytes.count >= (isLong ? 12 : 10) else { throw .notAnArray(path: path) }
    var length = Int(bytes[8]) | Int(bytes[9]) << 8
    if isLong { length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24 }
    let start = (isLong ? 12 : 10) + length
    guard length <= 65_536, start <= bytes.count else {
      throw .damaged(path: path, reason: "its header does not fit")
    }
    let header = String(decoding: bytes[(isLong ? 12 : 10)..<start], as: UTF8.self)
    let type = Self.value(of: "descr", in: header) ?? "of no type"
    guard ["<f4", "<f8"].contains(type) else {
      throw .damaged(
        path: path,
        reason: "its elements are \(type), not floats of 32 or 64 bits ('<f4', '<f8'); "
          + "numpy.save(path, array.astype('float32')) writes them so")
    }
    guard Self.value(of: "fortran_order", in: header) == "False" else {
      throw .damaged(
        path: path,
        reason: "it is in Fortran's order; numpy.save(path, numpy.ascontiguousarray(array)) writes it in C's")
    }
    let size = type == "<f4" ? 4 : 8
    guard let dimensions = Self.value(of: "shape", in: header) else {
      throw .damaged(path: path, reason: "it has no shape")
    }
    var shape: [Int] = []
    var count = 1
    for part in dimensions.split(separator: ",") {
      guard let size = Int(part.filter { $0 != " " }), size >= 0 else {
        throw .damaged(path: path, reason: "its shape is not one")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= 1 << 40 else {
        throw .damaged(path: path, reason: "its shape is too large")
      }
      shape.append(size)
      count = product
    }
    guard bytes.count - start == count * size else {
      throw .damaged(path: path, reason: "it holds \(bytes.count - start) bytes of data, not \(count * size)")
    }
    let elements = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if size == 4 {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[start...]))
      } else {
        for index in 0..<count {
          let bits = bytes.loadUnaligned(fromByteOffset: start + index * 8, as: UInt64.self)
          buffer[index] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
        }
      }
      filled = count
    }
    self.init(shape: shape, elements: elements)
  }

  /// The value of a key in the header, a Python dictionary: a quoted word, a bare one, or the inside of a tuple.
  private static func value(of key: String, in header: String) -> String? {
    let characters = Array(header)
    let quoted = Array("'\(key)':")
    guard characters.count > quoted.count else { return nil }
    for start in 0...(characters.count - quoted.count)
    where characters[start..<start + quoted.count].elementsEqual(quoted) {
      let rest = characters[(start + quoted.count)...].drop { $0 == " " }
      switch rest.first {
      case "'": return String(rest.dropFirst().prefix { $0 != "'" })
      case "(": return String(rest.dropFirst().prefix { $0 != ")" })
      default: return String(rest.prefix { $0.isLetter })
      }
    }
    return nil
  }
}

/// What can be wrong with a `.npy` file.
public enum NumPyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The first bytes are another format's.
  case notAnArray(path: String)
  /// The header is broken, or says what is not read here.
  case damaged(path: String, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .notAnArray(let path): "\(path): is not a NumPy array file"
    case .damaged(let path, let reason): "\(path): cannot be read as a NumPy array: \(reason)"
    }
  }
}
