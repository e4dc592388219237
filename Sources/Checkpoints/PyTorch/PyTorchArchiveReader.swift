import Files

/// Reads what torch.save has written since PyTorch 1.6: a zip archive of stored entries, all in one folder, with
/// `data.pkl`, the raw storages `data/<key>` and perhaps `byteorder`.
///
/// Checksums are not compared: that would read all weights at once, and PyTorch may write archives without any.
enum PyTorchArchiveReader {
  static func read(_ source: ByteSource) throws(CheckpointError) -> PickledTensors {
    let archive = try open(source)
    // PyTorch takes the folder from the first entry, whatever its name.
    let folder = (archive.entries.first?.name ?? "").prefix { $0 != "/" }
    if let byteOrder = try content(of: "\(folder)/byteorder", in: archive, source) {
      guard source.bytes[byteOrder].starts(with: "little".utf8) else { throw .bigEndian(path: source.path) }
    }
    let pickleName = "\(folder)/data.pkl"
    guard let range = try content(of: pickleName, in: archive, source) else {
      if archive.entries.contains(where: { $0.name.hasSuffix(".npy") }) {
        throw .notWeights(path: source.path, kind: "an archive of NumPy arrays (.npz)")
      }
      throw .missingEntry(path: source.path, entry: pickleName)
    }
    var reader = ByteReader(source, within: range, part: "its pickle")
    let pickle = try PickleInterpreter.load(&reader)
    return PickledTensors(source, pickle) { (key, tensor) throws(CheckpointError) in
      guard let range = try content(of: "\(folder)/data/\(key)", in: archive, source) else {
        throw .missingStorage(path: source.path, tensor: tensor)
      }
      return range
    }
  }

  private static func open(_ source: ByteSource) throws(CheckpointError) -> ZipArchive {
    do { return try ZipArchive(source.bytes) } catch { throw CheckpointError(error, path: source.path) }
  }

  /// Where the content of an entry lies in the file; nil if there is no such entry.
  private static func content(
    of name: String, in archive: ZipArchive, _ source: ByteSource
  ) throws(CheckpointError) -> Range<Int>? {
    guard let entry = archive[name] else { return nil }
    do throws(ZipError) {
      let range = try archive.range(of: entry)
      guard entry.isStored else { throw .packed(entry: name) }
      return range
    } catch { throw CheckpointError(error, path: source.path) }
  }
}
