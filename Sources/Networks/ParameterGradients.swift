import Tensors

/// Places for tensors of some parameters in one block, one behind the other in the order that is given.
struct ParameterLayout {
  let parameters: [Parameter]
  /// Floats of the whole block.
  let count: Int
  private let places: [ObjectIdentifier: Range<Int>]

  /// Each parameter starts at a multiple of 16 floats.
  init(_ parameters: [Parameter]) {
    var places: [ObjectIdentifier: Range<Int>] = [:]
    var end = 0
    for parameter in parameters {
      places[ObjectIdentifier(parameter)] = end..<end + parameter.count
      end += (parameter.count + 15) & ~15
    }
    self.parameters = parameters
    self.places = places
    count = end
  }

  func place(of parameter: Parameter) -> Range<Int>? { places[ObjectIdentifier(parameter)] }

  /// A view of a parameter's part of a block; nobody may write through it.
  func view(of parameter: Parameter, in block: Storage) -> Tensor? {
    guard let place = place(of: parameter) else { return nil }
    return Tensor(
      borrowing: UnsafePointer(block.pointer + place.lowerBound), shape: parameter.shape, owner: block)
  }
}

/// The gradients of some parameters, gathered over one or more passes in one block.
public final class ParameterGradients {
  let layout: ParameterLayout
  let block: Storage
  private var written: Set<ObjectIdentifier> = []

  /// No gradients yet.
  public init(_ parameters: [Parameter]) {
    layout = ParameterLayout(parameters)
    block = Storage(count: layout.count)
    block.pointer.update(repeating: 0, count: block.capacity)
  }

  /// Forgets what was gathered.
  public func reset() { written.removeAll(keepingCapacity: true) }

  /// A copy of a parameter's gradient; zeros if none reached it, nil if it is not among the parameters.
  public subscript(parameter: Parameter) -> Tensor? {
    guard let place = layout.place(of: parameter) else { return nil }
    guard written.contains(ObjectIdentifier(parameter)) else { return Tensor(shape: parameter.shape) }
    return Tensor(
      UnsafeBufferPointer(start: block.pointer + place.lowerBound, count: place.count), shape: parameter.shape
    )
  }

  /// Adds to a parameter's gradient; nothing happens if it is not among the parameters.
  func add(_ gradient: Tensor, to parameter: Parameter) {
    withTarget(parameter) { target, isAccumulating in
      gradient.withUnsafeElements { elements in
        for i in elements.indices { target[i] = isAccumulating ? target[i] + elements[i] : elements[i] }
      }
    }
  }

  /// Lends the memory of a parameter's gradient: to be written whole, or added to if `accumulating`.
  func withTarget<E: Error>(
    _ parameter: Parameter,
    _ body: (_ target: UnsafeMutableBufferPointer<Float>, _ accumulating: Bool) throws(E) -> Void
  ) throws(E) {
    guard let place = layout.place(of: parameter) else { return }
    let target = UnsafeMutableBufferPointer(start: block.pointer + place.lowerBound, count: place.count)
    try body(target, written.contains(ObjectIdentifier(parameter)))
    written.insert(ObjectIdentifier(parameter))
  }

  /// Writes zeros for every parameter that no gradient has reached.
  func fillUnwritten() {
    for parameter in layout.parameters where !written.contains(ObjectIdentifier(parameter)) {
      guard let place = layout.place(of: parameter) else { continue }
      (block.pointer + place.lowerBound).update(repeating: 0, count: place.count)
    }
  }
}
