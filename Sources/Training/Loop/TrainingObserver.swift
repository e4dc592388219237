import Files

/// Somebody who is told what happens in a run. Errors end the run.
public protocol TrainingObserver: AnyObject {
  /// Something happened. Called on the thread that trains, between steps.
  func observe(_ event: TrainingEvent, in run: TrainingRun) throws
}

/// An observer that writes a file, which goes on where it was when a run is continued.
protocol TrainingLog: TrainingObserver {
  var file: LogFile { get }
}
