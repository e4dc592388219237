import ArgumentParser
import EDViz

/// Training runs, each under a name.
struct RunArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Folder of a run of edviz train; a name before it, as in wide=Output/train/b, is what the figure calls it.",
      valueName: "[name=]run"),
    completion: .directory)
  var runs: [String]

  /// The runs under names of their own; what cannot be used is noted.
  func load(_ failures: inout Failures) throws -> [TrainingRecord] {
    var names: Set<String> = []
    return try runs.compactMap { text in
      let (given, folder) = NamedModelOptions.parts(text)
      var name = given
      var number = 1
      while !names.insert(name).inserted {
        number += 1
        name = "\(given)-\(number)"
      }
      do {
        return try TrainingRecord(folder: folder ?? text, name: name)
      } catch {
        try failures.note(error)
        return nil
      }
    }
  }
}
