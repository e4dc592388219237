import EDNets
import Files
import Testing

/// Numbers of a preprocessing that cannot be meant.
@Suite struct PreprocessingNumbersTests {
  private static let mistakes: [(Preprocessing, String)] = [
    (Preprocessing(size: 0), "must be from 1 to 8192, not 0"),
    (Preprocessing(size: 64, mean: [0.5, 0.5]), "must be three finite numbers, for red, green and blue"),
    (
      Preprocessing(size: 64, mean: [0.5, .nan, 0.5]), "must be three finite numbers, for red, green and blue"
    ),
    (
      Preprocessing(size: 64, mean: [123.675, 116.28, 103.53]),
      "must be on 0…1, not 123.675,116.28,103.53; for levels of 0…255 divide by 255: 0.485,0.456,0.406"
    ),
    (Preprocessing(size: 64, mean: [-0.5, 0.5, 0.5]), "must be on 0…1, not -0.5,0.5,0.5"),
    (Preprocessing(size: 64, mean: [300, 1, 1]), "must be on 0…1, not 300.0,1.0,1.0"),
    (
      Preprocessing(size: 64, standardDeviation: [58.395, 57.12, 57.375]),
      "must be above 0 and at most 1, not 58.395,57.12,57.375; for levels of 0…255 divide by 255: 0.229,0.224,0.225"
    ),
    (
      Preprocessing(size: 64, standardDeviation: [1, 0, 1]), "must be above 0 and at most 1, not 1.0,0.0,1.0"
    ),
    (
      Preprocessing(size: 64, standardDeviation: [1, -0.2, 1]),
      "must be above 0 and at most 1, not 1.0,-0.2,1.0"
    ),
    (
      Preprocessing(size: 64, standardDeviation: [1, .infinity, 1]),
      "must be three finite numbers, for red, green and blue"
    ),
  ]

  @Test(arguments: mistakes)
  func mistakesAreNamed(preprocessing: Preprocessing, reason: String) {
    #expect(preprocessing.mistake?.reason == reason && !preprocessing.isUsable)
  }

  @Test(arguments: [
    Preprocessing(size: 1), Preprocessing(size: 8192, mean: [0, 0, 0], standardDeviation: [1, 1, 1]),
    Preprocessing(size: 64, mean: [0.5, 0.5, 1], standardDeviation: [1 / 255, 0.5, 0.5]),
  ])
  func usualNumbersAreUsed(preprocessing: Preprocessing) {
    #expect(preprocessing.mistake == nil && preprocessing.isUsable)
  }

  @Test func listsOfClassesAreNames() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/classes.txt"
    for text in ["ant\nbee\n", "\u{FEFF}ant\r\nbee\r\n\r\n", "ant \n\tbee", "ant\rbee\r"] {
      try AtomicFile.write(text.utf8, to: path)
      #expect(try ClassList.read(path) == ["ant", "bee"], "\(text.debugDescription)")
    }
    try AtomicFile.write("ant\n\nbee\n".utf8, to: path)
    let error = #expect(throws: ModelError.self) { try ClassList.read(path) }
    #expect(error?.description == "\(path): the list of classes cannot be used: line 2 is empty")
    try AtomicFile.write(Array("caf".utf8) + [0xE9], to: path)
    #expect(try ClassList.read(path) == ["caf\\xe9"])
  }
}
