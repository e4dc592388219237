import Files

/// Somebody who is told what happens in a run. Errors end the run.
public protocol TrainingObserver: AnyObject {
  /// Names of the files and folders that it writes into the folder of a run.
  var outputs: [String] { get }
  /// A run of a recipe is wanted; its folder is as it was. Here is the place to read what the recipe names.
  func prepare(_ recipe: Recipe) throws
  /// Something happened. Called on the thread that trains, between steps.
  func observe(_ event: TrainingEvent, in run: TrainingRun) throws
}

extension TrainingObserver {
  /// None.
  public var outputs: [String] { [] }
  /// Nothing.
  public func prepare(_ recipe: Recipe) throws {}
}

/// An observer that writes a file, which goes on where it was when a run is continued.
protocol TrainingLog: TrainingObserver {
  var file: LogFile { get }
}
