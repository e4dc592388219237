/// Reads what torch.save wrote before PyTorch 1.6: five pickles (a magic number, a protocol number, facts about
/// the machine, the object, the keys of its storages) and then each storage as an 8-byte count and raw elements; and plain pickles.
enum PyTorchLegacyReader {
  /// 0x1950a86a20f9469cfc6c, least significant byte first.
  private static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  private static let protocolVersion = 1001

  static func read(_ source: ByteSource) throws(CheckpointError) -> PickledTensors {
    var reader = ByteReader(source, part: "its pickle")
    let first = try PickleInterpreter.load(&reader)
    // Without the magic number a pickle may hold NumPy arrays, as Detectron's do.
    guard case .longInteger(Self.magic) = first.root else {
      return PickledTensors(source, first, isTorch: false)
    }
    guard case .integer(Self.protocolVersion) = try PickleInterpreter.load(&reader).root else {
      throw reader.malformed("its protocol number is not \(Self.protocolVersion)")
    }
    let system = try PickleInterpreter.load(&reader)
    guard isLittleEndian(system) else { throw .bigEndian(path: source.path) }
    let pickle = try PickleInterpreter.load(&reader)
    let keys = try PickleInterpreter.load(&reader)
    let storages = try storages(listedIn: keys, of: pickle, at: reader.position, source)
    return PickledTensors(source, pickle, storages: storages)
  }

  /// What the file says of its machine's byte order; little if it says nothing.
  private static func isLittleEndian(_ system: Pickle) -> Bool {
    guard case .dictionary(let facts) = system.root else { return true }
    return !system.dictionaries[facts].contains {
      if case .text("little_endian") = $0.key, case .boolean(false) = $0.value { true } else { false }
    }
  }

  private static func storages(
    listedIn keys: Pickle, of pickle: Pickle, at position: Int, _ source: ByteSource
  ) throws(CheckpointError) -> StorageTable {
    var reader = ByteReader(source, part: "its block of storages")
    try reader.seek(to: position)
    guard case .list(let list) = keys.root else { throw reader.malformed("the list of storages is missing") }
    var roots: [String: Pickle.Storage] = [:]
    // The first reference to a block tells its element type, as in PyTorch.
    for storage in pickle.storages where roots[storage.key] == nil { roots[storage.key] = storage }
    var table = StorageTable(source)
    for key in keys.sequences[list] {
      guard case .text(let key) = key, let root = roots[key] else {
        throw reader.malformed("a storage that no tensor refers to")
      }
      guard try reader.length() == root.count else { throw reader.malformed("a storage of another length") }
      let (byteCount, overflow) = root.count.multipliedReportingOverflow(by: root.type?.byteCount ?? 1)
      guard !overflow else { throw .truncated(path: source.path, part: reader.part) }
      let start = reader.position
      _ = try reader.take(byteCount)
      try table.add(key, at: start..<reader.position)
    }
    return table
  }
}
