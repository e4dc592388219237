import Files

/// A dictionary that Python has pickled: lists of numbers and text, and NumPy arrays of bytes, such as the batches of
/// CIFAR-10. Like saved weights, it is interpreted out of an allow-list, and nothing is ever executed.
package struct PickledDictionary {
  /// An array of bytes, row-major.
  package struct Array {
    /// Dimensions, outermost first; their product is the number of bytes.
    package let shape: [Int]
    /// The elements.
    package let bytes: [UInt8]
  }

  private let source: ByteSource
  private let pickle: Pickle
  private let dictionary: Int

  /// Reads a file.
  package init(contentsOf path: String) throws(CheckpointError) {
    let source: ByteSource
    do { source = try ByteSource(mapping: path) } catch { throw .file(error) }
    try self.init(source)
  }

  /// Reads a file's bytes; errors call it `path`.
  package init(bytes: [UInt8], path: String) throws(CheckpointError) {
    try self.init(ByteSource(copying: bytes, path: path))
  }

  private init(_ source: ByteSource) throws(CheckpointError) {
    var reader = ByteReader(source, part: "its pickle")
    pickle = try PickleInterpreter.load(&reader, naming: .arrays)
    guard case .dictionary(let dictionary) = pickle.root else {
      throw reader.malformed("it is no dictionary")
    }
    self.dictionary = dictionary
    self.source = source
  }

  /// The array under a key; nil if there is none, or something else.
  package func array(_ key: String) -> Array? {
    guard case .array(let array) = value(key) else { return nil }
    let found = pickle.arrays[array]
    return bytes(of: found.content).map { Array(shape: found.shape, bytes: $0) }
  }

  /// The list of integers under a key; nil if there is none, or something else is in it.
  package func integers(_ key: String) -> [Int]? {
    guard case .list(let list) = value(key) else { return nil }
    return pickle.integers(list)
  }

  /// The list of texts under a key; nil if there is none, or something else is in it.
  package func texts(_ key: String) -> [String]? {
    guard case .list(let list) = value(key) else { return nil }
    var texts: [String] = []
    // A small file can name the same bytes very often; together they are never longer than a sound file.
    var budget = source.bytes.count
    for value in pickle.sequences[list] {
      guard let text = text(of: value), text.utf8.count <= budget else { return nil }
      budget -= text.utf8.count
      texts.append(text)
    }
    return texts
  }

  /// As in Python, the last value assigned to a key counts; byte strings and text are the same key.
  private func value(_ key: String) -> Pickle.Value? {
    pickle.dictionaries[dictionary].last { text(of: $0.key) == key }?.value
  }

  private func text(of value: Pickle.Value) -> String? {
    switch value {
    case .text(let text): text
    // The same long bytes may be named very often, so they are not copied.
    case .bytes(let range) where range.count > PickledTree.maximumNameLength: nil
    case .buffer(let buffer) where pickle.buffers[buffer].count > PickledTree.maximumNameLength: nil
    default: bytes(of: value).flatMap { String(validating: $0, as: UTF8.self) }
    }
  }

  private func bytes(of value: Pickle.Value) -> [UInt8]? {
    switch value {
    case .bytes(let range): Swift.Array(UnsafeRawBufferPointer(rebasing: source.bytes[range]))
    case .buffer(let buffer): pickle.buffers[buffer]
    default: nil
    }
  }
}
