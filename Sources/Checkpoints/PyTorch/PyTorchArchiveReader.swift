/// Reads what torch.save has written since PyTorch 1.6: a zip archive of stored entries, all in one folder, with
/// `data.pkl`, the raw storages `data/<key>` and perhaps `byteorder`.
///
/// Checksums are not compared: that would read all weights at once, and PyTorch may write archives without any.
enum PyTorchArchiveReader {
  static func read(_ source: ByteSource) throws(CheckpointError) -> [Checkpoint.Entry] {
    let archive = try ZipArchive(source)
    // PyTorch takes the folder from the first entry, whatever its name.
    let folder = archive.firstName.prefix { $0 != "/" }
    if let byteOrder = try archive.content(of: "\(folder)/byteorder") {
      guard source.bytes[byteOrder].starts(with: "little".utf8) else { throw .bigEndian(path: source.path) }
    }
    let pickleName = "\(folder)/data.pkl"
    guard let range = try archive.content(of: pickleName) else {
      throw .missingEntry(path: source.path, entry: pickleName)
    }
    var reader = ByteReader(source, within: range, part: "its pickle")
    let pickle = try PickleInterpreter.load(&reader)
    let tensors = try StateDictionary.tensors(of: pickle, path: source.path)
    var storages = StorageTable(source)
    for (name, tensor) in tensors {
      let key = pickle.storages[tensor.storage].key
      guard !storages.contains(key) else { continue }
      guard let range = try archive.content(of: "\(folder)/data/\(key)") else {
        throw .missingStorage(path: source.path, tensor: name)
      }
      try storages.add(key, at: range)
    }
    return try storages.entries(of: tensors, in: pickle)
  }
}
