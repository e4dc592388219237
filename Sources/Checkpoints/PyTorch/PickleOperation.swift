/// The operations of the pickle machine that saved weights and arrays need, with Python's names for them.
enum PickleOperation: UInt8 {
  /// PROTO
  case protocolVersion = 0x80
  /// FRAME
  case frame = 0x95
  /// STOP
  case stop = 0x2e
  /// MARK
  case mark = 0x28
  /// POP
  case pop = 0x30
  /// POP_MARK
  case popMark = 0x31

  /// NONE
  case none = 0x4e
  /// NEWTRUE
  case newTrue = 0x88
  /// NEWFALSE
  case newFalse = 0x89
  /// BININT
  case int4 = 0x4a
  /// BININT1
  case int1 = 0x4b
  /// BININT2
  case int2 = 0x4d
  /// LONG1
  case long1 = 0x8a
  /// LONG4
  case long4 = 0x8b
  /// BINFLOAT
  case float = 0x47

  /// SHORT_BINUNICODE
  case text1 = 0x8c
  /// BINUNICODE
  case text4 = 0x58
  /// BINUNICODE8
  case text8 = 0x8d
  /// SHORT_BINSTRING, Python 2
  case oldText1 = 0x55
  /// BINSTRING, Python 2
  case oldText4 = 0x54
  /// SHORT_BINBYTES
  case bytes1 = 0x43
  /// BINBYTES
  case bytes4 = 0x42
  /// BINBYTES8
  case bytes8 = 0x8e

  /// EMPTY_TUPLE
  case emptyTuple = 0x29
  /// TUPLE
  case tuple = 0x74
  /// TUPLE1
  case tuple1 = 0x85
  /// TUPLE2
  case tuple2 = 0x86
  /// TUPLE3
  case tuple3 = 0x87
  /// EMPTY_LIST
  case emptyList = 0x5d
  /// APPEND
  case append = 0x61
  /// APPENDS
  case appends = 0x65
  /// EMPTY_SET
  case emptySet = 0x8f
  /// ADDITEMS
  case addItems = 0x90
  /// EMPTY_DICT
  case emptyDictionary = 0x7d
  /// SETITEM
  case setItem = 0x73
  /// SETITEMS
  case setItems = 0x75

  /// BINPUT
  case put1 = 0x71
  /// LONG_BINPUT
  case put4 = 0x72
  /// MEMOIZE
  case memoise = 0x94
  /// BINGET
  case get1 = 0x68
  /// LONG_BINGET
  case get4 = 0x6a

  /// GLOBAL
  case global = 0x63
  /// STACK_GLOBAL
  case stackGlobal = 0x93
  /// REDUCE
  case reduce = 0x52
  /// NEWOBJ
  case newObject = 0x81
  /// NEWOBJ_EX
  case newObjectWithKeywords = 0x92
  /// DUP
  case duplicate = 0x32
  /// FROZENSET
  case frozenSet = 0x91
  /// BYTEARRAY8
  case byteArray = 0x96
  /// BUILD
  case build = 0x62
  /// BINPERSID
  case persistentID = 0x51
}
