import Checkpoints

extension Model {
  /// The tensors of a checkpoint that this model was made of, under the published names, with batch normalisation's step
  /// counters; what has no place in the network is left out.
  public func tensors(in checkpoint: Checkpoint) throws -> Checkpoint {
    let parts = try NetworkTensors(checkpoint)
    let needed = Set(network.parameters.map(\.name))
    let body = try parts.body.selecting { entry in
      let module = entry.name.dropLast(".num_batches_tracked".count)
      let isKept =
        needed.contains(entry.name) || entry.isStepCounter && needed.contains(module + ".running_mean")
      return isKept ? entry.name : nil
    }
    return try HeadTensors(parts, features: network.description.features).added(to: body)
  }
}
