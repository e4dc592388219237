import ArgumentParser
import EDViz

/// What a run learns from, where that differs from the recipe.
struct RecipeDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Pictures to learn from: a folder with a folder for each class, a zip archive, CIFAR files, a list.",
      valueName: "path"),
    completion: .file())
  var train: String?

  @Option(
    help: ArgumentHelp(
      "Their format; auto looks. Names: edviz evaluate classification --help.", valueName: "name"))
  var trainFormat: String?

  @Option(help: ArgumentHelp("Which part of them: train, val or test.", valueName: "split"))
  var trainSplit: DatasetSplit?

  @Option(
    help: ArgumentHelp(
      "Pictures to check with after each epoch; none checks with nothing.", valueName: "path"),
    completion: .file())
  var validation: String?

  @Option(help: ArgumentHelp("Their format.", valueName: "name"))
  var validationFormat: String?

  @Option(help: ArgumentHelp("Which part of them.", valueName: "split"))
  var validationSplit: DatasetSplit?

  @Option(
    help: ArgumentHelp(
      "Steps before learning, as YAML: '[padAndCrop: {padding: 4}, horizontalFlip]', '[randomResizedCrop: {size: 224}]'.",
      valueName: "yaml"))
  var augmentation: String?

  @Option(
    name: .customLong("cutmix"),
    help: ArgumentHelp("Share of the batches whose pictures exchange parts, such as 0.3.", valueName: "share")
  )
  var cutMix: Double?

  @Option(
    help: ArgumentHelp(
      "Another network's logits for the pictures to learn from, place by place, as .safetensors; none has no say.",
      valueName: "file"), completion: .file(extensions: ["safetensors"]))
  var teacherLabels: String?

  @Option(help: ArgumentHelp("Its share in each target, from 0 to 1.", valueName: "share"))
  var teacherShare: Float?

  @Option(
    help: ArgumentHelp(
      "Weight of the loss by which the last block's output is to hold the teacher's features; the file has them beside the "
        + "logits.", valueName: "weight"))
  var teacherFeatures: Float?

  @Option(help: ArgumentHelp("Memory for decoded pictures, in megabytes.", valueName: "n"))
  var cacheMegabytes: Int?

  @Option(
    help: ArgumentHelp(
      "Share of the pictures that may be unreadable, from 0 to 1, before the run ends with status 65. Up to then they are "
        + "named and counted, and the status is 1 at the end.", valueName: "share"))
  var maxUnreadable: Double?

  func apply(to recipe: inout Recipe) throws {
    // Formats and splits were those of other data; which classes are meant, and in which order, is not.
    let classes = recipe.data.train.classes
    if let train { recipe.data.train = DatasetSource(path: train, classes: classes) }
    if let trainFormat { recipe.data.train.format = trainFormat }
    if let trainSplit { recipe.data.train.split = trainSplit }
    if let validation {
      let classes = recipe.data.validation.map(\.classes) ?? classes
      recipe.data.validation =
        validation == "none" ? nil : DatasetSource(path: validation, classes: classes)
    }
    if recipe.data.validation == nil {
      try Self.refuse("--validation-format", validationFormat, "there are no pictures to check with")
      try Self.refuse("--validation-split", validationSplit, "there are no pictures to check with")
    }
    if let validationFormat { recipe.data.validation?.format = validationFormat }
    if let validationSplit { recipe.data.validation?.split = validationSplit }
    if let augmentation {
      recipe.augmentation = try Recipe.part(
        Augmentation.self, yaml: Paths.content(of: augmentation), place: "--augmentation")
    }
    if let cutMix { recipe.cutMix = cutMix }
    if let teacherLabels {
      recipe.teacher = teacherLabels == "none" ? nil : Recipe.Teacher(labels: teacherLabels)
    }
    if recipe.teacher == nil {
      try Self.refuse("--teacher-share", teacherShare, "there are no labels of a teacher")
      try Self.refuse("--teacher-features", teacherFeatures, "there are no labels of a teacher")
    }
    if let teacherShare { recipe.teacher?.share = teacherShare }
    if let teacherFeatures { recipe.teacher?.features = teacherFeatures }
    if let cacheMegabytes { recipe.cacheMegabytes = cacheMegabytes }
    if let maxUnreadable { recipe.maxUnreadable = maxUnreadable }
  }
}

extension RecipeDataOptions {
  /// An option that would silently do nothing is a mistake.
  static func refuse(_ option: String, _ value: Any?, _ reason: String) throws(Failure) {
    if value != nil { throw Failure(.usage, "\(option) applies to nothing: \(reason)") }
  }
}

/// How a run learns, where that differs from the recipe.
struct RecipeLearningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A name ('edviz models list') or a JSON description; its classes follow the data.", valueName: "name"),
    completion: .list(ModelRegistry.names))
  var network: String?

  @Option(help: ArgumentHelp("Times that every picture is learnt from.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Pictures computed at once.", valueName: "n"))
  var batch: Int?

  @Option(help: ArgumentHelp("Batches for one step, where memory is short.", valueName: "n"))
  var accumulate: Int?

  @Option(help: ArgumentHelp("softmax, or sigmoid: a yes-or-no question for each class.", valueName: "kind"))
  var loss: Loss?

  @Option(
    help: ArgumentHelp(
      "Share of each target that is spread over all classes, such as 0.1.", valueName: "share"))
  var labelSmoothing: Double?

  @Option(
    help: ArgumentHelp(
      "Weight of the mean depth sum of the last block's output in the loss, such as 0.01.",
      valueName: "weight"))
  var activityPenalty: Float?

  @Option(
    help: ArgumentHelp(
      "Weight of that sum's squared second differences, over its squared mean, such as 0.1.",
      valueName: "weight"))
  var curvaturePenalty: Float?

  @Option(help: ArgumentHelp("Learning rate that the schedule multiplies, such as 0.1.", valueName: "r"))
  var rate: Float?

  @Option(help: ArgumentHelp("Share of the last direction that is kept.", valueName: "m"))
  var momentum: Float?

  @Flag(inversion: .prefixedNo, help: "Nesterov's momentum.")
  var nesterov: Bool?

  @Option(help: ArgumentHelp("Weight decay, such as 1e-4.", valueName: "d"))
  var weightDecay: Float?

  @Flag(inversion: .prefixedNo, help: "Decay biases and batch normalisation as well.")
  var decayNorms: Bool?

  @Option(
    help: ArgumentHelp(
      "As YAML: '{kind: cosine}', '{kind: multiStep, milestones: [150, 225], factor: 0.1}', '{kind: step, every: 30}', "
        + "'{kind: oneCycle, peak: 0.3, warmUp: {epochs: 1}}'.",
      valueName: "yaml"))
  var schedule: String?

  @Option(
    help: ArgumentHelp(
      "Share kept by the moving average that is evaluated, such as 0.999; 0 keeps none.", valueName: "a"))
  var averaging: Float?

  @Option(help: ArgumentHelp("What all random numbers follow from.", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Weights to begin with; what fits by name and shape is taken. none takes nothing.", valueName: "file"),
    completion: .file())
  var initFrom: String?

  @Option(help: ArgumentHelp("What the rate of those weights is multiplied by.", valueName: "f"))
  var initFactor: Float?

  func apply(to recipe: inout Recipe) throws {
    if let network { recipe.network = NetworkChoice(network) }
    if let epochs { recipe.epochs = epochs }
    if let batch { recipe.batch = batch }
    if let accumulate { recipe.accumulate = accumulate }
    if let loss { recipe.loss = loss }
    if let labelSmoothing { recipe.labelSmoothing = labelSmoothing }
    if let activityPenalty { recipe.activityPenalty = activityPenalty }
    if let curvaturePenalty { recipe.curvaturePenalty = curvaturePenalty }
    if let rate { recipe.optimizer.rate = rate }
    if let momentum { recipe.optimizer.momentum = momentum }
    if let nesterov { recipe.optimizer.nesterov = nesterov }
    if let weightDecay { recipe.optimizer.weightDecay = weightDecay }
    if let decayNorms { recipe.optimizer.decayNorms = decayNorms }
    if let schedule {
      recipe.schedule = try Recipe.part(
        Schedule.self, yaml: Paths.content(of: schedule), place: "--schedule")
    }
    if let averaging { recipe.averaging = averaging == 0 ? nil : averaging }
    if let seed { recipe.seed = seed }
    if let initFrom { recipe.initFrom = initFrom == "none" ? nil : initFrom }
    if let initFactor { recipe.initFactor = initFactor }
    if recipe.initFrom == nil {
      try RecipeDataOptions.refuse("--init-factor", initFactor, "there are no weights to begin with")
    }
  }
}

/// How a run is kept, where that differs from the recipe.
struct RecipeKeepingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What the run is called.", valueName: "name"))
  var name: String?

  @Option(help: ArgumentHelp("Save after so many epochs.", valueName: "n"))
  var saveEpochs: Int?

  @Option(help: ArgumentHelp("Save within an epoch after so many minutes; 0 does not.", valueName: "n"))
  var saveMinutes: Float?

  @Option(
    help: ArgumentHelp(
      "Steps from one line of the step log to the next; 0 writes epochs alone.", valueName: "n"))
  var logSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Photograph whose heatmap is drawn after each epoch; repeated for several.", valueName: "image"),
    completion: .file(extensions: PictureNames.read.sorted()))
  var heatmap: [String] = []

  func apply(to recipe: inout Recipe) {
    if let name { recipe.name = name }
    if let saveEpochs { recipe.checkpoint.epochs = saveEpochs }
    if let saveMinutes { recipe.checkpoint.minutes = saveMinutes == 0 ? nil : saveMinutes }
    if let logSteps { recipe.logSteps = logSteps }
    if !heatmap.isEmpty { recipe.heatmaps = heatmap }
  }
}

extension DatasetSplit: ExpressibleByArgument {}
extension Loss: ExpressibleByArgument {}
