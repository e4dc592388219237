/// What a pickle built. Containers are referred to by number, never nested, so that no depth or cycle in a hostile
/// file costs recursion, and each value is a few bytes.
struct Pickle {
  enum Value {
    case none
    case boolean(Bool)
    case integer(Int)
    /// An integer too long for `Int`: two's complement, least significant byte first.
    case longInteger([UInt8])
    case float(Double)
    case text(String)
    /// A byte string, or a long string of Python 2: where its content lies in the file.
    case bytes(Range<Int>)
    /// An index into `buffers`: a byte string that is spelt as text in the file.
    case buffer(Int)
    /// An index into `sequences`.
    case tuple(Int)
    /// An index into `sequences`; sets are lists here.
    case list(Int)
    /// An index into `dictionaries`.
    case dictionary(Int)
    case global(PickleGlobal)
    /// An index into `storages`.
    case storage(Int)
    /// An index into `tensors`.
    case tensor(Int)
    /// An index into `arrays`.
    case array(Int)
    /// NumPy's type of unsigned bytes.
    case byteType
    /// An index into `placeholders`.
    case placeholder(Int)
  }

  /// What stands for anything else: a class, a function or what one of them would make. It does nothing.
  struct Placeholder {
    /// What it is or was made by, such as `argparse.Namespace`.
    var name: String
    /// Whether it stands for a tensor of a kind that is not read.
    var isTensor = false
    /// Whether it stands for a `torch.nn.Module`.
    var isModule = false
    /// The index into `dictionaries` of what was assigned to it, if it stands for a dictionary.
    var items: Int?
    /// The element type, if it stands for a NumPy type that is read.
    var elementType: ElementType?
  }

  /// A block of elements in the file, or a view of a part of one.
  struct Storage {
    /// The name of the block.
    var key: String
    /// nil for bytes without a type.
    var type: ElementType?
    /// Elements in the whole block.
    var count: Int
    /// The elements of this view.
    var view: Range<Int>
  }

  /// A tensor as strides over a storage. Tuples are kept by number because thousands of tensors may share one.
  struct Tensor {
    var storage: Int
    var offset: Int
    var shape: Int
    var strides: Int
    var type: ElementType
  }

  /// A NumPy array.
  struct Array {
    var shape: [Int]
    /// `.bytes` or `.buffer`; none until the array's state is known.
    var content: Value
    /// The type of its elements; nil for one that is not read, and for arrays of bytes in a file of such.
    var type: ElementType?
    /// In elements; nil for row-major.
    var strides: [Int]?
  }

  var sequences: [[Value]] = []
  /// Pairs in order of assignment. Keys are not hashed or compared here: a small file can repeat a long key very
  /// often.
  var dictionaries: [[(key: Value, value: Value)]] = []
  var storages: [Storage] = []
  var tensors: [Tensor] = []
  var buffers: [[UInt8]] = []
  var arrays: [Array] = []
  var placeholders: [Placeholder] = []
  var root = Value.none

  /// The elements of a tuple of integers, or nil.
  func integers(_ tuple: Int) -> [Int]? {
    var result: [Int] = []
    for value in sequences[tuple] {
      guard case .integer(let integer) = value else { return nil }
      result.append(integer)
    }
    return result
  }
}
