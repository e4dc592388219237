import ArgumentParser
import EDViz

/// Which network of a weight file is meant, where it holds several.
struct WeightChoiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Dictionary of the weight file that holds the network, as in state_dict_ema or model.teacher. Default: the only "
        + "one that does.", valueName: "key"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "What stands before the names of the network's tensors, as in module.encoder_q. Default: what is found.",
      valueName: "prefix"))
  var prefix: String?

  var choice: WeightChoice { WeightChoice(key: key, prefix: prefix) }
}
