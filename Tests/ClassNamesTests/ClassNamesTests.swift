import ClassNames
import Files
import Foundation
import Testing

@Suite struct ImageNetClassesTests {
  @Test func theyAreInTheOrderOfLogits() {
    let (names, synsets) = (ImageNetClasses.names, ImageNetClasses.synsets)
    #expect(names.count == 1000 && Set(names).count == 1000 && synsets == synsets.sorted())
    for (index, synset, name) in [
      (0, "n01440764", "tench"), (134, "n02012849", "crane bird"), (207, "n02099601", "golden retriever"),
      (281, "n02123045", "tabby"), (517, "n03126707", "crane"), (639, "n03710721", "maillot tank suit"),
      (999, "n15075141", "toilet tissue"),
    ] {
      #expect(names[index] == name && synsets[index] == synset, "\(index): \(synsets[index]) \(names[index])")
    }
    #expect(ImageNetClasses.name(ofSynset: "n01440764") == "tench")
    #expect(ImageNetClasses.synset(ofName: "tench") == "n01440764")
    #expect(ImageNetClasses.name(ofSynset: "n00000000") == nil)
  }

  /// The names are torchvision's, where EDVIZ_PYTHON names a Python that has it.
  @Test(.enabled(if: names != nil, "EDVIZ_PYTHON names no Python with torchvision"))
  func theyAreTorchvisions() throws { #expect(try #require(Self.names) == ImageNetClasses.names) }

  private static let names: [String]? = {
    guard let python = ProcessInfo.processInfo.environment["EDVIZ_PYTHON"] else { return nil }
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [
      "-c",
      "from torchvision.models._meta import _IMAGENET_CATEGORIES as c; import sys; sys.stdout.write('\\n'.join(c))",
    ]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text.split(separator: "\n").map(String.init) : nil
  }()
}

@Suite struct ClassTableTests {
  private static let tables: [(ending: String, text: String)] = [
    ("txt", "ant\nbee\nsea lion, big\n"), ("names", "\u{FEFF}ant\r\nbee \r\nsea lion, big\r\n\r\n"),
    ("csv", "ant\nbee\n\"sea lion, big\"\n"), ("csv", "0,ant\n1,bee\n2,\"sea lion, big\"\n"),
    ("csv", "name,index\nbee,1\nant,0\n\"sea lion, big\",2\n"),
    ("csv", "label,synset,name\n0,n1,ant\n1,n2,bee\n2,n3,\"sea lion, big\"\n"),
    ("tsv", "ant\t0\nbee\t1\nsea lion, big\t2\n"),
    ("json", #"["ant", "bee", "sea lion, big"]"#),
    ("json", #"{"1": "bee", "0": "ant", "2": "sea lion, big"}"#),
    ("json", #"{"0": ["n1", "ant"], "1": ["n2", "bee"], "2": ["n3", "sea lion, big"]}"#),
    ("json", #"{"sea lion, big": 2, "ant": 0, "bee": 1}"#),
    ("json", #"{"model_type": "resnet", "id2label": {"0": "ant", "1": "bee", "2": "sea lion, big"}}"#),
    ("json", #"{"label2id": {"ant": 0, "bee": 1, "sea lion, big": 2}}"#),
  ]

  @Test func everyFormGivesTheSameNames() throws {
    for (ending, text) in Self.tables {
      let names = try ClassTable.read(Array(text.utf8), ending: ending)
      #expect(names == ["ant", "bee", "sea lion, big"], "\(ending): \(text)")
    }
  }

  @Test func synsetsHaveNames() throws {
    func read(_ text: String) throws -> [String] { try ClassTable.read(Array(text.utf8), ending: "txt") }
    #expect(try read("n01440764\nn01443537\n") == ["tench", "goldfish"])
    #expect(try read("n01440764 tench, Tinca tinca\nn01443537\tgold\n") == ["tench, Tinca tinca", "gold"])
    // A class may be called like one.
    #expect(try read("n01440764\nother\n") == ["n01440764", "other"])
    #expect(try ClassTable.read("imagenet") == ImageNetClasses.names)
  }

  private static let mistakes: [(ending: String, text: String, reason: String)] = [
    ("txt", "ant\n\nbee\n", "line 2 is empty"),
    ("csv", "0,ant\n2,bee\n", "there is no class 1, but a class 2; numbers begin at 0"),
    ("csv", "0,ant\n0,bee\n", "two of its classes have the number 0"),
    ("csv", "0,ant\n1,\n", "class 1 has no name"),
    ("csv", "a,b\nc,d\n", "no column holds the number of each class"),
    ("json", "{", "it is no JSON of names, or of numbers and names"),
    ("json", "3", "it is one value, no list of names"),
    ("json", #"["a", 1]"#, "not all of its elements are names"), ("json", "{}", "it holds no classes"),
    ("json", #"{"ant": "bee"}"#, "'ant' has no number from 0 on"),
  ]

  @Test func whatIsNoTableIsRefused() {
    for (ending, text, reason) in Self.mistakes {
      let error = #expect(throws: ClassTable.Unreadable.self) {
        try ClassTable.read(Array(text.utf8), ending: ending)
      }
      #expect(error?.reason == reason, "\(text)")
    }
  }
}
