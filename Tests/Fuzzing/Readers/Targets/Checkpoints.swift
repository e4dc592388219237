@testable import Checkpoints
@testable import EDNets

extension FuzzTarget {
  static let safetensors = FuzzTarget(
    "safetensors", seeds: ["Tests/CheckpointsTests/Fixtures/*.safetensors"],
    words: Words.json + Words.network + [
      "\"dtype\":", "\"shape\":", "\"data_offsets\":", "\"__metadata__\":", "F32", "F16", "BF16", "F64",
      "BOOL", "U8", "I64",
      "F8_E4M3", "C64", "\"edviz.network\":", "\"edviz.preprocessing\":", "\"classes\":", "conv1.weight",
      ".fc_reduction.weight",
      "module.", ".num_batches_tracked", "layer1.0.conv1.weight", "standardDeviation", "short",
    ]
  ) { bytes in
    let source = ByteSource(copying: bytes, path: "input")
    let (entries, metadata) = try SafetensorsReader.read(source)
    let checkpoint = try Checkpoint(path: "input", format: .safetensors, entries, metadata)
    try visit(checkpoint)
    let record = ModelMetadata(checkpoint)
    _ = try record.classes()
    _ = try record.preprocessing()
    if let network = try record.network() { _ = try Network(network) }
  }

  static let pyTorchArchive = FuzzTarget(
    "pytorch-archive",
    seeds: ["state", "state-protocol4", "trainer", "typed"].map {
      "Tests/CheckpointsTests/Fixtures/\($0).pth"
    },
    words: pickleWords + zipWords, longest: 8192
  ) { bytes in
    try visit(try CheckpointContents(ByteSource(copying: bytes, path: "input")))
  }

  static let pyTorchLegacy = FuzzTarget(
    "pytorch-legacy",
    seeds: ["Tests/CheckpointsTests/Fixtures/*legacy*"], words: pickleWords
  ) { bytes in
    try visit(try CheckpointContents(ByteSource(copying: bytes, path: "input")))
  }

  static let pickle = FuzzTarget(
    "pickle", seeds: ["Tests/DatasetsTests/Fixtures/python*/*"],
    words: [
      "cnumpy\nndarray\n", "cnumpy\ndtype\n", "cnumpy.core.multiarray\n_reconstruct\n", "c_codecs\nencode\n",
      "latin1", "u1",
      "data", "labels", "label_names",
    ]
  ) { bytes in
    let dictionary = try PickledDictionary(bytes: bytes, path: "input")
    for key in ["data", "labels", "filenames", "label_names"] {
      if let array = dictionary.array(key) {
        precondition(array.shape.reduce(1, *) == array.bytes.count, "an array has the bytes of its shape")
      }
      _ = dictionary.integers(key)
      _ = dictionary.texts(key)
    }
  }

  private static let pickleWords = [
    "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_tensor_v3\n",
    "ctorch._utils\n_rebuild_parameter\n",
    "ccollections\nOrderedDict\n", "ctorch\nFloatStorage\n", "ctorch\nHalfStorage\n", "ctorch\nSize\n",
    "ctorch\nfloat32\n",
    "ctorch.storage\nUntypedStorage\n", "storage", "cpu", "state_dict", "little_endian", "conv1.weight",
  ]

  /// Asks for every tensor of every dictionary, and for those of the network.
  private static func visit(_ contents: CheckpointContents) throws {
    for dictionary in contents.dictionaries {
      for result in contents.results(of: dictionary) {
        guard let entry = try? result.get(), entry.type.isConvertible else { continue }
        let tensor = try entry.tensor()
        precondition(tensor.shape == entry.shape, "a tensor has its entry's shape")
        _ = tensor.isFinite
      }
    }
    try visit(try Checkpoint(contents))
  }

  /// Asks for every tensor, and for the same under canonical names.
  private static func visit(_ checkpoint: Checkpoint) throws {
    for entry in checkpoint where entry.type.isConvertible {
      let tensor = try entry.tensor()
      precondition(
        tensor.shape == entry.shape && tensor.count == entry.count, "a tensor has its entry's shape")
      // Reads every element.
      _ = tensor.isFinite
    }
    let canonical = try checkpoint.withCanonicalNames()
    precondition(canonical.count == checkpoint.count, "names are changed, entries stay")
    let parts = try NetworkTensors(checkpoint)
    let head = HeadTensors(parts, features: 64)
    precondition(
      parts.others.count <= checkpoint.count && head.leftOver.count <= parts.others.count,
      "no tensor is left over twice")
    // Under what shapes tell, as a weight file of one of the registered networks would be.
    _ = try? canonical.matched(against: [(name: "conv1.weight", shape: [16, 3, 3, 3])])
  }
}
