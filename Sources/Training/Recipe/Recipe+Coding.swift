import Datasets
import EDNets
import Files
import Images
import Networks

extension Recipe: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, network, data, input, augmentation, cutMix, teacher, batch, accumulate, epochs, loss,
      labelSmoothing
    case activityPenalty, curvaturePenalty, optimizer, schedule, averaging, seed, initFrom,
      initFactor,
      checkpoint, logSteps,
      threads
    case cacheMegabytes, maxUnreadable, heatmaps
  }

  /// Reads a mapping; what it leaves out has a default, what it has too much is refused.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    self.init(data: try fields.required(Data.self, .data))
    name = try fields.value(.name, default: name)
    network = try fields.value(.network, default: network)
    input = try fields.value(.input, default: InputFields(input)).preprocessing
    augmentation = try fields.value(.augmentation, default: augmentation)
    cutMix = try fields.value(.cutMix, default: cutMix)
    teacher = try fields.optional(Teacher.self, .teacher)
    batch = try fields.value(.batch, default: batch)
    accumulate = try fields.value(.accumulate, default: accumulate)
    epochs = try fields.value(.epochs, default: epochs)
    loss = try fields.value(.loss, default: loss)
    labelSmoothing = try fields.value(.labelSmoothing, default: labelSmoothing)
    activityPenalty = try fields.value(.activityPenalty, default: activityPenalty)
    curvaturePenalty = try fields.value(.curvaturePenalty, default: curvaturePenalty)
    optimizer = try fields.value(.optimizer, default: optimizer)
    schedule = try fields.value(.schedule, default: schedule)
    averaging = try fields.optional(Float.self, .averaging)
    seed = try fields.value(.seed, default: seed)
    initFrom = try fields.optional(String.self, .initFrom)
    initFactor = try fields.value(.initFactor, default: initFactor)
    checkpoint = try fields.value(.checkpoint, default: checkpoint)
    logSteps = try fields.value(.logSteps, default: logSteps)
    threads = try fields.optional(Int.self, .threads)
    cacheMegabytes = try fields.value(.cacheMegabytes, default: cacheMegabytes)
    maxUnreadable = try fields.value(.maxUnreadable, default: maxUnreadable)
    heatmaps = try fields.value(.heatmaps, default: heatmaps)
  }

  /// Writes every field, those without a value as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(network, forKey: .network)
    try container.encode(data, forKey: .data)
    try container.encode(InputFields(input), forKey: .input)
    try container.encode(augmentation, forKey: .augmentation)
    try container.encode(cutMix, forKey: .cutMix)
    // Left out where there is none, so that runs of before have the digest that they were begun with.
    try container.encodeIfPresent(teacher, forKey: .teacher)
    try container.encode(batch, forKey: .batch)
    try container.encode(accumulate, forKey: .accumulate)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(loss, forKey: .loss)
    try container.encode(labelSmoothing, forKey: .labelSmoothing)
    try container.encode(activityPenalty, forKey: .activityPenalty)
    try container.encode(curvaturePenalty, forKey: .curvaturePenalty)
    try container.encode(optimizer, forKey: .optimizer)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(averaging, forKey: .averaging)
    try container.encode(seed, forKey: .seed)
    try container.encode(initFrom, forKey: .initFrom)
    try container.encode(initFactor, forKey: .initFactor)
    try container.encode(checkpoint, forKey: .checkpoint)
    try container.encode(logSteps, forKey: .logSteps)
    try container.encode(threads, forKey: .threads)
    try container.encode(cacheMegabytes, forKey: .cacheMegabytes)
    try container.encode(maxUnreadable, forKey: .maxUnreadable)
    try container.encode(heatmaps, forKey: .heatmaps)
  }
}

/// Preprocessing under the names that recipes use.
private struct InputFields: Codable {
  var preprocessing: Preprocessing

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case size, fit, mean, std, resize, interpolation, colors
  }

  init(_ preprocessing: Preprocessing) { self.preprocessing = preprocessing }

  init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    preprocessing = Preprocessing(
      size: try fields.value(.size, default: 32), fit: try fields.value(.fit, default: .square))
    preprocessing.mean = try fields.value(.mean, default: preprocessing.mean)
    preprocessing.standardDeviation = try fields.value(.std, default: preprocessing.standardDeviation)
    preprocessing.resize = try fields.optional(Int.self, .resize)
    preprocessing.interpolation = try fields.optional(Interpolation.self, .interpolation)
    preprocessing.colors = try fields.optional(ColorOrder.self, .colors)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(preprocessing.size, forKey: .size)
    try container.encode(preprocessing.fit, forKey: .fit)
    try container.encode(preprocessing.mean, forKey: .mean)
    try container.encode(preprocessing.standardDeviation, forKey: .std)
    try container.encodeIfPresent(preprocessing.resize, forKey: .resize)
    try container.encodeIfPresent(preprocessing.interpolation, forKey: .interpolation)
    try container.encodeIfPresent(preprocessing.colors, forKey: .colors)
  }
}
