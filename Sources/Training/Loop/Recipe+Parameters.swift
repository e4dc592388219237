import Checkpoints
import Datasets
import EDNets
import Glibc
import Networks
import Tensors

extension Recipe {
  /// What the last block's output costs beside the loss, if anything.
  func penalty(on network: Network) -> MapPenalty? {
    guard activityPenalty > 0 || curvaturePenalty > 0 else { return nil }
    return MapPenalty(
      node: network.blocks[network.blocks.count - 1].output, activity: activityPenalty,
      curvature: curvaturePenalty)
  }

  /// The prediction of a teacher's features by the last block's output, if the recipe asks for it.
  func match(on network: Network, _ features: TeacherLabels.Features?) -> FeatureMatch? {
    guard let teacher, teacher.features > 0, let features else { return nil }
    let map = network.blocks[network.blocks.count - 1].output
    let channels = network.graph.shapes(input: [1, 1024, 1024, network.graph.inputChannels])[map]?.last ?? 0
    return FeatureMatch(
      network.graph, map: map, channels: channels, features: features.channels,
      weight: teacher.features, power: features.power)
  }

  /// Gives a network the values that a run begins with.
  /// - Returns: what was taken from `initFrom`.
  func start(_ parameters: [Parameter], fill: ([Parameter], UInt64) -> Void) throws -> LoadingReport? {
    fill(parameters, seed)
    let report = try initFrom.map { try LoadingReport.load(Checkpoint(contentsOf: $0), into: parameters) }
    if loss == .sigmoid {
      // Each class is rare among all pictures: a network that knows nothing should say so from the beginning.
      if let head = parameters.last(where: { $0.role == .bias }), report?.loaded.contains(head.name) != true {
        head.value = Tensor(repeating: -log(Float(max(2, head.count) - 1)), shape: head.shape)
      }
    }
    return report
  }

  /// Learnt parameters by what their steps are multiplied by (paper, Table IX) and whether they are decayed.
  func groups(_ parameters: [Parameter], loaded: Set<String>) -> [ParameterGroup] {
    var groups: [ParameterGroup] = []
    for parameter in parameters where parameter.isLearnt {
      let isLoaded = loaded.contains(parameter.name)
      let isDecayed = optimizer.decayNorms || parameter.isWeight
      let name = (isLoaded ? "loaded" : "new") + (isDecayed ? "" : ", not decayed")
      if let index = groups.firstIndex(where: { $0.name == name }) {
        groups[index].parameters.append(parameter)
      } else {
        groups.append(
          ParameterGroup(
            name: name, parameters: [parameter], rateFactor: isLoaded ? initFactor : 1,
            weightDecay: isDecayed ? optimizer.weightDecay : 0))
      }
    }
    return groups
  }
}
