extension NetworkVariant {
  /// A description with this variant.
  /// - Throws: `DescriptionError` for a network that it means nothing to.
  public func applied(to description: NetworkDescription) throws(DescriptionError) -> NetworkDescription {
    var made = description
    switch self {
    case .plain: break
    case .stem(let stem):
      guard made.stem.deep.isEmpty, made.stem.kernel == 7, made.shortcut == .projection else {
        throw refusal("is for a stem of one 7×7 convolution and shortcuts that are projections")
      }
      (made.stem.kernel, made.stem.deep, made.stem.filters) = (3, stem.filters.deep, stem.filters.last)
      if stem.isPooled { made.shortcut = .pooledProjection }
    case .wide(let factor):
      guard made.isPlainBottleneck else { throw refusal("is for bottlenecks") }
      for index in made.stages.indices {
        made.stages[index].width = min(made.stages[index].width * factor, NetworkDescription.largest + 1)
      }
    case .cardinality(let groups, let width):
      guard made.isPlainBottleneck, var transform = made.transform as? BottleneckTransform else {
        throw refusal("is for bottlenecks")
      }
      transform.groups = groups
      made.transform = transform
      for index in made.stages.indices {
        let (planes, filters) = (
          (made.stages[index].outputs ?? 0) / 4, groups.multipliedReportingOverflow(by: width)
        )
        let whole = filters.partialValue.multipliedReportingOverflow(by: planes)
        guard planes % 64 == 0, planes > 0, !filters.overflow, !whole.overflow else {
          throw refusal("is for stages of 256, 512 … channels")
        }
        made.stages[index].width = whole.partialValue / 64
      }
    case .cifarStem:
      (made.stem.kernel, made.stem.stride, made.stem.maxPool) = (3, 1, false)
      guard made.stem.deep.isEmpty else { throw refusal("is for a stem of one convolution") }
    case .optionA: made.shortcut = .subsample
    case .preactivation: made.preactivation = true
    case .channels(let count): made.stem.channels = count
    case .caffe:
      guard var transform = made.transform as? BottleneckTransform else {
        throw refusal("is for bottlenecks")
      }
      transform.stridesFirst = true
      made.transform = transform
    case .dilated(let stride): made.dilate(to: stride)
    case .antialias(let kind): made.antialias = kind
    case .activation(let function): made.activation = function
    case .epsilon(let value): made.epsilon = value
    }
    try made.validate()
    return made
  }

  private func refusal(_ reason: String) -> DescriptionError {
    DescriptionError(description: "variant '\(word)' \(reason)")
  }
}

extension NetworkDescription {
  /// Bottlenecks of which F has lost no filters.
  fileprivate var isPlainBottleneck: Bool {
    transform is BottleneckTransform && stages.allSatisfy { $0.filters == nil && $0.outputs != nil }
  }

  /// Stages beyond an output stride are dilated instead of taking steps, as in torchvision and timm.
  fileprivate mutating func dilate(to outputStride: Int) {
    var (step, dilation) = (stem.stride * (stem.maxPool ? 2 : 1), 1)
    for index in stages.indices {
      if step * stages[index].stride > outputStride {
        dilation *= stages[index].stride
        stages[index].stride = 1
      }
      step *= stages[index].stride
      stages[index].dilation = dilation
    }
  }
}
