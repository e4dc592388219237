import CLibFuzzer
@testable import Files
import Foundation

// FUZZ_TARGET=name Fuzz [libFuzzer's options and folders …]; without a target, the names of all. The name is no argument
// because libFuzzer starts itself again with its own arguments. The current folder is the root of the repository.

guard let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] else {
  print(FuzzTarget.all.map { $0.name }.joined(separator: "\n"))
  exit(0)
}
guard let target = FuzzTarget.named(name) else {
  FileHandle.standardError.write(Data("Fuzz: there is no target '\(name)'\n".utf8))
  exit(64)
}

/// A file of libFuzzer's dictionary format.
func dictionary(_ words: [String]) -> String {
  words.map { word in
    let letters = word.utf8.map { byte in
      let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      return isPlain ? String(UnicodeScalar(byte)) : String(format: "\\x%02x", Int(byte))
    }
    return "\"" + letters.joined() + "\"\n"
  }.joined()
}

var options = ["-max_len=\(target.longest)"]
if !target.words.isEmpty {
  let path = "\(FileManager.default.temporaryDirectory.path)/edviz-fuzz-\(name).dict"
  try dictionary(target.words).write(toFile: path, atomically: true, encoding: .utf8)
  options.append("-dict=\(path)")
}
let seeds = try InputList(target.seeds, extensions: []).paths
if !seeds.isEmpty { options.append("-seed_inputs=\(seeds.joined(separator: ","))") }

let arguments = CommandLine.arguments[..<1] + options + CommandLine.arguments[1...]
var count = CInt(arguments.count)
var vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
for (index, argument) in arguments.enumerated() { vector[index] = strdup(argument) }
vector[arguments.count] = nil
var start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = vector

/// What the C function below, which has no context, reads its inputs with.
let read = target.read

exit(
  LLVMFuzzerRunDriver(&count, &start) { bytes, count in
    do { try read(Array(UnsafeBufferPointer(start: bytes, count: count))) } catch {
      // Sentences are made of what is in the file.
      _ = "\(error)"
    }
    return 0
  })
