import Foundation
import Testing

@testable import Files

/// What the fuzzer found stays mended, and what it begins with stays worth beginning with.
@Suite struct ReproducerTests {
  /// The folder of the targets, and the root of the repository.
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  private static let root = URL(fileURLWithPath: folder).deletingLastPathComponent()
    .deletingLastPathComponent()
    .path

  /// Files `TARGET/read/…` are read, files `TARGET/refused/…` are an error; each once was a trap, a hang or too much
  /// memory.
  private static let reproducers =
    (try? InputList([folder + "/Reproducers"], extensions: ["input"]).paths) ?? []

  @Test(arguments: reproducers) func isAnswered(path: String) throws {
    let parts = path.split(separator: "/").suffix(3).map(String.init)
    let target = try #require(FuzzTarget.named(parts[0]), "\(path) belongs to no target")
    let bytes = try FileBytes.read(path)
    switch parts[1] {
    case "read": #expect(throws: Never.self) { try target.read(bytes) }
    case "refused":
      let error = #expect(throws: (any Error).self) { try target.read(bytes) }
      #expect(error.map { "\($0)".isEmpty } == false)
    default: Issue.record("\(path) is neither in 'read' nor in 'refused'")
    }
  }

  @Test func somethingWasFound() { #expect(!Self.reproducers.isEmpty) }

  @Test(arguments: FuzzTarget.all.map(\.name)) func seedsAreRead(name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let seeds = try InputList(target.seeds.map { "\(Self.root)/\($0)" }, extensions: []).paths
    let answers = try seeds.map { path in
      let bytes = try FileBytes.read(path)
      return Result { try target.read(bytes) }
    }
    #expect(answers.contains { (try? $0.get()) != nil }, "no seed of \(name) is read to its end")
  }

  @Test func namesDiffer() { #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count) }
}
