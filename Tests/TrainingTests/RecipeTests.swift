import EDNets
import Files
import Networks
import Testing

@testable import Training

@Suite struct RecipeTests {
  private static let data = "data:\n  train: {path: pictures}\n"

  @Test func whatIsLeftOutHasADefault() throws {
    let recipe = try Recipe(yaml: Self.data, path: "/recipes/short.yaml")
    #expect(recipe.name == "short")
    #expect(recipe.data.train.path == "/recipes/pictures" && recipe.data.validation == nil)
    #expect(recipe.optimizer.rate == 0.1 && recipe.optimizer.decayNorms && recipe.batch == 128)
    #expect(recipe.schedule == Schedule(.constant) && recipe.checkpoint.minutes == 10)
  }

  @Test func everyFieldComesBack() throws {
    var recipe = try Recipe(yaml: Self.data, path: "/recipes/full.yaml")
    recipe.name = "1e5"
    recipe.network = .described(try ModelRegistry.description(named: "cifar-ed-resnet20", classes: 7))
    recipe.data.validation = recipe.data.train
    recipe.input = Preprocessing(size: 48, fit: .crop, mean: [0.1, 0.2, 0.3])
    recipe.input.resize = 52
    recipe.input.interpolation = .bicubic
    recipe.input.colors = .bgr
    recipe.cutMix = 0.3
    recipe.loss = .sigmoid
    recipe.optimizer.rate = 0.2
    recipe.optimizer.weightDecay = 5e-4
    recipe.averaging = 0.9999
    recipe.seed = .max
    recipe.initFrom = "/weights/a.pth"
    recipe.checkpoint.minutes = nil
    recipe.threads = 2
    recipe.heatmaps = ["/a: b.png", "/c.png"]
    for schedule in ScheduleExamples.all {
      recipe.schedule = schedule
      let text = try recipe.yaml()
      #expect(try Recipe(yaml: text, path: "/elsewhere/recipe.yaml") == recipe, "\(text)")
    }
    let text = try recipe.yaml()
    #expect(text.contains("rate: 0.2\n"), "\(text)")
    #expect(text.contains("weightDecay: 0.0005\n"), "\(text)")
    #expect(text.contains("minutes: null\n"), "\(text)")
  }

  static let mistakes: [(yaml: String, sentence: String)] = [
    ("", "r.yaml: is not a recipe: it holds no fields"),
    ("- a", "r.yaml: is not a recipe: it holds no fields"),
    (
      "a: [b\n c: {",
      "r.yaml: is not a recipe: it is not YAML: line 2, column 3: did not find expected ',' or ']'"
    ),
    (
      "data:\n\ttrain: {path: p}\n",
      "r.yaml: is not a recipe: a tab stands at the beginning of line 2, where YAML takes spaces"
    ),
    ("epochs: 3", "r.yaml: data is missing"),
    ("data: {}", "r.yaml: data.train is missing"),
    (
      data + "epoch: 3",
      "r.yaml: 'epoch' means nothing in a recipe; the nearest are epochs, batch, loss"
    ),
    (
      data + "optimizer: {lr: 3}",
      "r.yaml: 'optimizer.lr' means nothing in a recipe; the nearest are rate, nesterov, momentum"
    ),
    (data + "epochs: many", "r.yaml: epochs is of another type than it should be"),
    (data + "epochs: 0", "r.yaml: epochs must be from 1 to 100000, not 0"),
    (data + "batch: -1", "r.yaml: batch must be from 1 to 65536, not -1"),
    (data + "cutMix: 2", "r.yaml: cutMix must be from 0.0 to 1.0, not 2.0"),
    (data + "name: a/b", "r.yaml: name must be a name for a folder, not 'a/b'"),
    (data + "optimizer: {rate: .nan}", "r.yaml: optimizer.rate must be from 0.0 to 1000.0, not nan"),
    (data + "optimizer: {momentum: 1}", "r.yaml: optimizer.momentum must be from 0.0 to 0.999999, not 1.0"),
    (
      data + "optimizer: {momentum: 0, nesterov: true}",
      "r.yaml: optimizer.nesterov needs a momentum above 0"
    ),
    (
      data + "input: {fit: short}",
      "r.yaml: input.fit must be square, crop or none, because pictures of a batch have one size, not short"
    ),
    (
      data + "input: {std: [1, 1]}", "r.yaml: input.std must be three finite numbers, for red, green and blue"
    ),
    (
      data + "input: {std: [1, 0, 1]}",
      "r.yaml: input.std must be above 0 and at most 1, not 1.0,0.0,1.0"
    ),
    (
      data + "input: {mean: [123.675, 116.28, 103.53]}",
      "r.yaml: input.mean must be on 0…1, not 123.675,116.28,103.53; for levels of 0…255 divide by 255: "
        + "0.485,0.456,0.406"
    ),
    (
      data + "input: {std: [1, -1, 1]}",
      "r.yaml: input.std must be above 0 and at most 1, not 1.0,-1.0,1.0"
    ),
    (
      data + "input: {mean: [1, 1]}",
      "r.yaml: input.mean must be three finite numbers, for red, green and blue"
    ),
    (data + "input: {size: 0}", "r.yaml: input.size must be from 1 to 8192, not 0"),
    (data + "maxUnreadable: .nan", "r.yaml: maxUnreadable must be from 0.0 to 1.0, not nan"),
    (data + "schedule: {kind: step}", "r.yaml: schedule.every is missing"),
    (
      data + "schedule: {kind: cosine, every: 2}",
      "r.yaml: schedule.every means nothing for the kind cosine"
    ),
    (
      data + "schedule: {kind: multiStep, milestones: [3, 2]}",
      "r.yaml: schedule.milestones must rise"
    ),
    (
      data + "epochs: 3\nschedule: {kind: cosine, warmUp: {epochs: 4}}",
      "r.yaml: schedule.warmUp.epochs must be from 0 to the 3 epochs of the run, not 4.0"
    ),
    (
      data + "network: resnet51",
      "r.yaml: network cannot be built: no model is called 'resnet51'; the nearest are resnet50"
    ),
    (
      data + "network: {stem: {kernel: 3, stride: 1, filters: 4, maxPool: false, bias: true}}",
      "r.yaml: network cannot be built: network.stem.bias means nothing there; known are channels, deep, "
        + "kernel, stride, filters, maxPool"
    ),
    (
      data + "network: {stem: {kernel: 3, stride: 1, filters: 4, maxPool: false}, transform: {basic: {}}, "
        + "stages: [], shortcut: projection, classes: 3}",
      "r.yaml: network cannot be built: the number of stages is 0, but must be from 1 to 16"
    ),
    (data + "augmentation: [flip]", "r.yaml: augmentation[0] cannot be used: there is no step 'flip'"),
    (
      "data:\n  train: {path: a, splits: b}",
      "r.yaml: 'data.train.splits' means nothing in a recipe; the nearest are split, path, root"
    ),
    (data + "averaging: 1", "r.yaml: averaging must be from 0.0 to 0.9999, not 1.0"),
    (data + "checkpoint: {minutes: 0}", "r.yaml: checkpoint.minutes must be more than 0, not 0.0"),
    (data + "threads: 0", "r.yaml: threads must be from 1 to 1024, not 0"),
  ]

  @Test(arguments: mistakes)
  func mistakesAreNamed(yaml: String, sentence: String) throws {
    let error = #expect(throws: TrainingError.self) { try Recipe(yaml: yaml, path: "r.yaml") }
    // Lists of what is known elsewhere may grow.
    let said = error?.description ?? ""
    #expect(said == sentence || said.hasPrefix(sentence + "; ") || said.hasPrefix(sentence + ", "))
  }

  /// A mark at the beginning, line ends of two characters, or two bytes a character: the text is the same.
  @Test func editorsDiffer() throws {
    let folder = try TemporaryFolder()
    let text = "data:\r\n  train: {path: caf\u{e9}}\r\nepochs: 7\r\n"
    let wide = Array(text.utf16)
    let files: [[UInt8]] = [
      Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
      [0xFF, 0xFE] + wide.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
      [0xFE, 0xFF] + wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
    ]
    for bytes in files {
      try AtomicFile.write(bytes, to: folder.path + "/r.yaml")
      let recipe = try Recipe(contentsOf: folder.path + "/r.yaml")
      #expect(recipe.epochs == 7 && recipe.data.train.path == folder.path + "/caf\u{e9}")
    }
    try AtomicFile.write(Array("epochs: 7\nname: caf".utf8) + [0xE9, 10], to: folder.path + "/r.yaml")
    let error = #expect(throws: FileError.self) { try Recipe(contentsOf: folder.path + "/r.yaml") }
    #expect(error?.description.hasSuffix("line 2 is not UTF-8; save it in that encoding") == true)
  }

  @Test func missingFilesAreNamed() {
    #expect(throws: FileError.notFound(path: "none.yaml")) { try Recipe(contentsOf: "none.yaml") }
  }
}

enum ScheduleExamples {
  static let all: [Schedule] = [
    Schedule(.constant), Schedule(.step(every: 30, factor: 0.1)),
    Schedule(.multiStep(milestones: [150, 225], factor: 0.1)),
    Schedule(.cosine(floor: 1e-5), warmUp: Schedule.WarmUp(epochs: 1.5)),
    Schedule(.oneCycle(Schedule.OneCycle(isLinear: true))),
  ]
}
