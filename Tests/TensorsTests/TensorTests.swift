import Tensors
import Testing

@Suite struct TensorTests {
  @Test func copiesShareUntilChanged() {
    let original = Tensor([1, 2, 3], shape: [3])
    var copy = original
    copy.withUnsafeMutableElements { $0[0] = 9 }
    #expect(original.elements == [1, 2, 3])
    #expect(copy.elements == [9, 2, 3])
  }

  @Test func borrowedMemoryIsNeverWritten() {
    final class Owner {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: 2)
      init() { memory.initialize(repeating: 5, count: 2) }
      deinit { memory.deallocate() }
    }
    let owner = Owner()
    var tensor = Tensor(borrowing: owner.memory, shape: [2], owner: owner)
    tensor.withUnsafeMutableElements { $0[1] = 7 }
    #expect(owner.memory[1] == 5)
    #expect(tensor.elements == [5, 7])
  }

  @Test func sizeClassesWasteAtMostAQuarter() {
    for bytes in [1, 64, 257, 1000, 4097, 1 << 20, (1 << 20) + 1, 123_456_789] {
      let tensor = Tensor(repeating: 1, shape: [bytes / 4 + 1])
      #expect(tensor.elements.count == bytes / 4 + 1)
    }
  }

  @Test func emptyTensorsAreFine() {
    #expect(Tensor(shape: [0, 3]).elements.isEmpty)
  }
}
