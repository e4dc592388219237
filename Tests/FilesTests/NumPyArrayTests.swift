import Files
import Testing

@Suite struct NumPyArrayTests {
  @Test(arguments: [[2, 3], [6], [1, 3, 2, 1], []])
  func arraysRoundTrip(shape: [Int]) throws {
    let folder = try TemporaryFolder()
    let array = NumPyArray(shape: shape, elements: (0..<shape.reduce(1, *)).map { Float($0) / 3 })
    let bytes = array.encoded
    // The data begin at a multiple of 64, as numpy writes them.
    #expect((bytes.count - array.elements.count * 4) % 64 == 0)
    try AtomicFile.write(bytes, to: folder.path + "/a.npy")
    #expect(try NumPyArray(contentsOf: folder.path + "/a.npy") == array)
  }

  /// The first bytes of numpy.save(…, numpy.zeros((2, 3), "float32")).
  @Test func headerIsNumPys() {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    let text = String(
      decoding: NumPyArray(shape: [2, 3], elements: [Float](repeating: 0, count: 6)).encoded[10..<69],
      as: UTF8.self)
    #expect(text == header)
  }

  /// Doubles are rounded to the nearest float, wherever the data begin.
  @Test func doublesAreRounded() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }"
    let values: [Double] = [0.1, -1.5, 1e300, .nan]
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + values.withUnsafeBytes { Array($0) }
    let array = try NumPyArray(bytes: bytes, path: "a.npy")
    #expect(array.shape == [4] && array.elements.prefix(3) == [0.1, -1.5, .infinity])
    #expect(array.elements[3].isNaN)
  }

  private func file(_ type: String, _ data: [UInt8], shape: String, fortran: Bool = false) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
  }

  @Test func everyFloatIsReadInBothOrdersOfBytes() throws {
    // 1, -2, the largest, the smallest, the smallest normal, -0, infinity, NaN.
    let halves: [UInt16] = [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x0400, 0x8000, 0x7C00, 0x7E00]
    let values: [Float] = [1, -2, 65_504, 5.9604645e-08, 6.1035156e-05, -0.0, .infinity]
    for (type, bytes) in [
      ("<f2", halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
      (">f2", halves.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }),
    ] {
      let array = try NumPyArray(bytes: file(type, bytes, shape: "(8,)"), path: "a.npy")
      #expect(
        array.elements.prefix(7).map(\.bitPattern) == values.map(\.bitPattern) && array.elements[7].isNaN)
    }
    let floats: [Float] = [0.1, -1e30]
    let big = floats.flatMap { value in withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) } }
    #expect(try NumPyArray(bytes: file(">f4", big, shape: "(2,)"), path: "a.npy").elements == floats)
    let wide = [0.1, -1e30].flatMap { value in withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) } }
    #expect(try NumPyArray(bytes: file(">f8", wide, shape: "(2,)"), path: "a.npy").elements == floats)
  }

  /// numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4)): the first index runs fastest.
  @Test func fortransOrderIsTurned() throws {
    let shape = (2, 3, 4)
    var stored: [Float] = []
    for k in 0..<shape.2 {
      for j in 0..<shape.1 { for i in 0..<shape.0 { stored.append(Float((i * shape.1 + j) * shape.2 + k)) } }
    }
    let bytes = stored.withUnsafeBytes { Array($0) }
    let array = try NumPyArray(bytes: file("<f4", bytes, shape: "(2, 3, 4)", fortran: true), path: "a.npy")
    #expect(array.shape == [2, 3, 4] && array.elements == (0..<24).map(Float.init))
  }

  @Test func wrongFilesAreNamed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npy"
    func message(_ bytes: [UInt8]) throws -> String {
      try AtomicFile.write(bytes, to: path)
      do {
        _ = try NumPyArray(contentsOf: path)
        return "no error"
      } catch { return "\(error)".replacing(path, with: "a.npy") }
    }
    func file(_ header: String, data: Int) -> [UInt8] {
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
        + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }
    let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    #expect(try message(file(good, data: 24)) == "no error")
    #expect(try message([]) == "a.npy: is not a NumPy array file")
    #expect(try message(file(good, data: 23)).hasSuffix("it holds 23 bytes of data, not 24"))
    #expect(try message(file(good.replacing("<f4", with: "<f8"), data: 48)) == "no error")
    #expect(
      try message(file(good.replacing("<f4", with: "|u1"), data: 6)).hasSuffix(
        "its elements are |u1, not floats of 16, 32 or 64 bits; "
          + "numpy.save(path, array.astype('float32')) writes them so"))
    #expect(try message(file(good.replacing("False", with: "True"), data: 24)) == "no error")
    #expect(
      try message(file(good.replacing("False", with: "Maybe"), data: 24)).hasSuffix(
        "it does not say in which order its elements are"))
    #expect(
      try message(file(good.replacing("(2, 3)", with: "(4611686018427387904, 8)"), data: 24)).hasSuffix(
        "its shape is too large"))
    #expect(
      try message(file(good.replacing("(2, 3)", with: "(-2, 3)"), data: 24)).hasSuffix("its shape is not one")
    )
    #expect(try message(Array(file(good, data: 0).prefix(30))).hasSuffix("its header does not fit"))
    // Every prefix is an error and none a crash.
    let whole = file(good, data: 24)
    for length in 0..<whole.count { #expect(try message(Array(whole.prefix(length))) != "no error") }
  }
}
