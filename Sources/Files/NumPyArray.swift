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

  /// Reads a file of floats of 16, 32 or 64 bits in either order of bytes, those of 64 rounded, in C's or Fortran's order
  /// of elements.
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
    guard let size = ["f2": 2, "f4": 4, "f8": 8][type.dropFirst()], "<>=".contains(type.prefix(1)) else {
      throw .damaged(
        path: path,
        reason: "its elements are \(type), not floats of 16, 32 or 64 bits; "
          + "numpy.save(path, array.astype('float32')) writes them so")
    }
    let order = Self.value(of: "fortran_order", in: header)
    guard order == "False" || order == "True" else {
      throw .damaged(path: path, reason: "it does not say in which order its elements are")
    }
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
    let data = UnsafeRawBufferPointer(rebasing: bytes[start...])
    let elements = Self.elements(data, count: count, size: size, isBigEndian: type.hasPrefix(">"))
    self.init(shape: shape, elements: order == "True" ? Self.rowMajor(elements, shape) : elements)
  }

  private static func elements(
    _ data: UnsafeRawBufferPointer, count: Int, size: Int, isBigEndian: Bool
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      func bits<Bits: FixedWidthInteger>(_ index: Int, _: Bits.Type) -> Bits {
        let bits = data.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
        return isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
      }
      switch size {
      case 2: for index in 0..<count { buffer[index] = float(half: bits(index, UInt16.self)) }
      case 4: for index in 0..<count { buffer[index] = Float(bitPattern: bits(index, UInt32.self)) }
      default: for index in 0..<count { buffer[index] = Float(Double(bitPattern: bits(index, UInt64.self))) }
      }
      filled = count
    }
  }

  /// The value of 16 bits of IEEE 754; by arithmetic, so that no type is needed that some processors lack.
  private static func float(half bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 1 ? -1 : 1
    let (exponent, fraction) = (Int(bits >> 10 & 31), bits & 1023)
    switch exponent {
    case 0: return sign * Float(fraction) / 16_777_216
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      let whole = Float(sign: .plus, exponent: exponent - 15, significand: 1 + Float(fraction) / 1024)
      return sign * whole
    }
  }

  /// Elements whose first index runs fastest, so that the last one does.
  private static func rowMajor(_ elements: [Float], _ shape: [Int]) -> [Float] {
    var steps: [Int] = []
    var step = 1
    for size in shape {
      steps.append(step)
      step *= size
    }
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    return (0..<elements.count).map { _ in
      let value = elements[place]
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += steps[axis]
        if index[axis] < shape[axis] { break }
        place -= steps[axis] * shape[axis]
        index[axis] = 0
      }
      return value
    }
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
