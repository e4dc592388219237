/// Words that several formats have in common.
enum Words {
  /// Whole numbers at the edges of types, and beyond.
  static let integers = [
    "0", "-1", "255", "65535", "65536", "2147483647", "-2147483648", "4294967295", "4294967296",
    "9223372036854775807", "-9223372036854775808", "18446744073709551615", "99999999999999999999",
  ]
  /// Other numbers.
  static let floats = [
    "1e308", "-1e308", "1e999", "4.9e-324", "nan", "inf", "-inf", "0x1p4", "1e-46", "3.5e38",
  ]
  /// What JSON and YAML's flow style are made of.
  static let json =
    integers + floats + [
      "null", "true", "false", "{}", "[]", "[[", "]]", "{\"\":", "\\u0000", "\\ud83d\\ude00", "\\ud800",
    ]
  /// What else YAML is made of.
  static let yaml =
    json + [
      "&a ", "*a", "<<: ", "? ", "!!int ", "!!float ", "!!str ", "!!binary ", "!!map ", "!!seq ", "!!set ",
      "|\n ", ">\n ",
      "---\n", "...\n", "%YAML 1.1\n", "%TAG ! tag:\n", "- ", "~", ".nan", ".inf", "0x1F", "0o17", "1:30",
      "yes", "2001-01-01", "# ",
    ]
  /// The names in descriptions of networks.
  static let network = [
    "stem", "kernel", "stride", "filters", "maxPool", "transform", "gate", "stages", "shortcut", "identity",
    "path", "classes",
    "blocks", "width", "outputs", "projection", "subsample", "basic", "bottleneck", "res2net", "scales",
    "groups", "cbam",
    "squeezeExcitation", "reduction", "encoderDecoder", "padding", "twoConvolution",
  ]
  /// The names in recipes.
  static let recipe =
    network + [
      "name", "network", "data", "train", "validation", "format", "split", "root", "auto", "folders", "list",
      "val", "test",
      "input", "size", "fit", "mean", "std", "square", "crop", "none", "augmentation", "randomResizedCrop",
      "area", "aspect",
      "padAndCrop", "horizontalFlip", "probability", "colorJitter", "brightness", "contrast", "saturation",
      "hue",
      "resizeShortSide", "resizeSquare", "centerCrop", "cutMix", "batch", "accumulate", "epochs", "loss",
      "crossEntropy",
      "labelSmoothing", "activityPenalty", "curvaturePenalty", "optimizer", "rate", "momentum", "nesterov",
      "weightDecay",
      "decayNorms", "schedule", "kind", "constant", "step", "every", "factor", "multiStep", "milestones",
      "cosine", "floor",
      "oneCycle", "peak", "initialDivision", "finalDivision", "linear", "warmUp", "startFactor", "averaging",
      "seed",
      "initFrom", "initFactor", "checkpoint", "minutes", "logSteps", "threads", "cacheMegabytes", "heatmaps",
      "resnet18",
      "a.yaml",
    ]
}
