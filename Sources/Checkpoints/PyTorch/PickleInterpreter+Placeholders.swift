extension PickleInterpreter {
  mutating func pushPlaceholder(_ placeholder: Pickle.Placeholder) {
    stack.append(.placeholder(pickle.placeholders.count))
    pickle.placeholders.append(placeholder)
  }

  /// What calling a placeholder gives: another one. Nothing is called, and its arguments are forgotten.
  mutating func call(_ placeholder: Int, _ arguments: [Pickle.Value]) throws(CheckpointError) {
    var made = Pickle.Placeholder(name: pickle.placeholders[placeholder].name)
    if try makeArray(made.name, arguments) { return }
    // The functions by which objects of any class are made say nothing; the class does.
    if ["copy_reg._reconstructor", "copyreg._reconstructor", "copyreg.__newobj__", "copyreg.__newobj_ex__"]
      .contains(made.name), case .placeholder(let of)? = arguments.first
    {
      made.name = pickle.placeholders[of].name
    }
    made.isTensor =
      made.name.hasPrefix("torch._utils._rebuild_") || made.name.hasPrefix("torch._tensor._rebuild_")
    pushPlaceholder(made)
  }

  /// A tensor of which a part is a placeholder.
  mutating func pushTensorPlaceholder(_ part: Int) {
    pushPlaceholder(Pickle.Placeholder(name: pickle.placeholders[part].name, isTensor: true))
  }

  /// The dictionary of what is assigned to a placeholder.
  mutating func dictionary(of placeholder: Int) -> Int {
    if let items = pickle.placeholders[placeholder].items { return items }
    pickle.placeholders[placeholder].items = pickle.dictionaries.count
    pickle.dictionaries.append([])
    return pickle.dictionaries.count - 1
  }

  /// Attributes of a placeholder, of which one thing is noted: that it is a module.
  mutating func note(_ state: Pickle.Value, of placeholder: Int) {
    if pickle.placeholders[placeholder].elementType != nil { return noteByteOrder(state, of: placeholder) }
    guard case .dictionary(let attributes) = state else { return }
    pickle.placeholders[placeholder].isModule =
      pickle.dictionaries[attributes].prefix(32).contains {
        if case .text("_modules") = $0.key { true } else { false }
      }
  }
}
