import Checkpoints
import EDNets
import Foundation
import Images
import Networks
import Tensors
import Testing

/// The folder that EDVIZ_DATA names, if it has what is needed.
private let data = ProcessInfo.processInfo.environment["EDVIZ_DATA"].flatMap { folder in
  ["weights", "cifar10-lossless"].allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    ? folder : nil
}

/// The public CIFAR-10 networks, imported from PyTorch's legacy files, on the first 1,000 test images without loss.
@Suite(.enabled(if: data != nil, "EDVIZ_DATA has no weights/ and cifar10-lossless/"))
struct PublicWeightsTests {
  @Test(arguments: [("resnet20-12fca82f.th", 91.5), ("resnet56-4bfd9763.th", 92.6)])
  func accuracyIsAsPublished(file: String, percent: Double) throws {
    let folder = try #require(data)
    let model = try Model(checkpoint: Checkpoint(contentsOf: "\(folder)/weights/\(file)"))
    #expect(model.network.description.shortcut == .subsample)
    let rows = try Image(contentsOf: "\(folder)/cifar10-lossless/cifar10_batch_50.png")
    let labels = try Self.labels("\(folder)/cifar10-lossless/cifar10_labels.js").suffix(1000)
    #expect(rows.width == 1024 && rows.height >= 1000 && labels.count == 1000)

    let evaluator = Evaluator(model.network.graph)
    var correct = 0
    for start in stride(from: 0, to: 1000, by: 100) {
      let pixels = Array(rows.pixels[start * 3072..<(start + 100) * 3072])
      // A row of 1,024 pixels is an image of 32 × 32, so a hundred rows are one of 3,200 rows.
      let column = Image(width: 32, height: 3200, pixels: pixels)
      let images = model.preprocessing.tensor(of: column).reshaped([100, 32, 32, 3])
      let logits = try #require(
        evaluator.values(of: [model.network.logits], images: images)[model.network.logits])
      for n in 0..<100 {
        let scores = (0..<10).map { logits[n * 10 + $0] }
        let best = scores.indices.max { scores[$0] < scores[$1] }
        correct += best == labels[labels.startIndex + start + n] ? 1 : 0
      }
    }
    print("\(file): \(Double(correct) / 10) % of 1,000 test images")
    #expect(abs(Double(correct) / 10 - percent) <= 0.2)
  }

  private static func labels(_ path: String) throws -> [Int] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split { !$0.isNumber }.compactMap { Int($0) }
  }
}
