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
    for bytes in [256, 257, 1000, 4097, 1 << 20, (1 << 20) + 1, 123_456_789] {
      let size = StoragePool.sizeClass(bytes)
      #expect(size >= bytes && size * 4 <= bytes * 5 && size % 64 == 0)
      #expect(StoragePool.sizeClass(size) == size)
    }
    #expect(StoragePool.sizeClass(0) == 64)
  }

  /// Tensors of ever other sizes do not make the process grow beyond what is in use at once.
  @Test func poolIsBounded() {
    func blocks() -> [Tensor] { (1...4).map { Tensor(repeating: 1, shape: [$0 << 20]) } }
    #expect(blocks().count == 4)
    let before = StoragePool.shared.totalBytes
    for step in 0..<40 {
      let tensor = Tensor(repeating: Float(step), shape: [(3 << 20) + step * 30_000])
      #expect(tensor[0] == Float(step))
    }
    #expect(StoragePool.shared.totalBytes < before + (128 << 20))
  }

  @Test func emptyTensorsAreFine() {
    #expect(Tensor(shape: [0, 3]).elements.isEmpty)
  }
}
