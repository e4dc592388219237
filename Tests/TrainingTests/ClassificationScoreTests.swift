import Glibc
import Networks
import Tensors
import Testing

@testable import Training

@Suite struct ClassificationScoreTests {
  /// Seven classes, so that five of them are not all.
  private let logits: [[Float]] = [
    [3, 0, 1, 0, 0, 0, 0],
    [2, 1, 3, 0.5, 0.4, 0.3, 0.2],
    [0, 5, 4, 3, 2, 1, -1],
    [1, 1, 1, 1, 1, 1, 1],
  ]
  private let labels = [0, 1, 6, 5]

  private func score(_ loss: Loss) -> ClassificationScore {
    var score = ClassificationScore(classes: 7, loss: loss)
    // In two batches, as a stream.
    score.add(logits: Tensor(logits[..<3].flatMap { $0 }, shape: [3, 7]), labels: Array(labels[..<3]))
    score.add(logits: Tensor(logits[3], shape: [1, 7]), labels: [labels[3]])
    return score
  }

  @Test func hitsAreThoseOfTheHand() {
    let score = score(.softmax)
    // Right, third of seven, last of seven, and sixth of seven equal ones.
    #expect(score.count == 4 && score.top1 == 1 && score.top5 == 2)
    #expect(score.top1Share == 0.25 && score.top5Share == 0.5)
    var confusion = [Int](repeating: 0, count: 49)
    for (label, said) in [(0, 0), (1, 2), (6, 1), (5, 0)] { confusion[label * 7 + said] = 1 }
    #expect(score.confusion == confusion)
  }

  @Test func lossesAreTheirDefinitions() {
    let softmax = zip(logits, labels).map { row, label in
      log(row.map { exp(Double($0)) }.reduce(0, +)) - Double(row[label])
    }
    #expect(abs(score(.softmax).lossSum - softmax.reduce(0, +)) < 1e-12)
    let sigmoid = zip(logits, labels).map { row, label in
      row.enumerated().map { position, x in
        let probability = 1 / (1 + exp(-Double(x)))
        return -log(position == label ? probability : 1 - probability)
      }.reduce(0, +)
    }
    #expect(abs(score(.sigmoid).lossSum - sigmoid.reduce(0, +)) < 1e-12)
    #expect(abs(score(.softmax).meanLoss * 4 - score(.softmax).lossSum) < 1e-12)
  }

  @Test func largeLogitsDoNotOverflow() {
    for loss in Loss.allCases {
      var score = ClassificationScore(classes: 2, loss: loss)
      score.add(logits: Tensor([1e4, -1e4], shape: [1, 2]), labels: [1])
      #expect(abs(score.lossSum - 2e4) < 1e-6)
    }
  }

  @Test func tablesNameClasses() {
    var score = ClassificationScore(classes: 3)
    let rows: [Float] = [9, 0, 0, 0, 9, 0, 9, 0, 0, 9, 0, 0]
    score.add(logits: Tensor(rows, shape: [4, 3]), labels: [0, 1, 1, 0])
    let table = score.rows(names: ["ant, red", "bee"])
    #expect(table[0] == .init(name: "ant, red", count: 2, predicted: 3, top1: 1, precision: 2 / 3))
    #expect(table[1] == .init(name: "bee", count: 2, predicted: 1, top1: 0.5, precision: 1))
    #expect(table[2] == .init(name: "class 2", count: 0, predicted: 0, top1: 0, precision: 0))
    #expect(
      score.confusionCSV(names: ["ant, red", "bee"])
        == "true class,\"ant, red\",bee,class 2\n\"ant, red\",2,0,0\nbee,1,1,0\nclass 2,0,0,0\n")
  }

  /// A matrix of ImageNet-21k's classes would take 4 GB.
  @Test func manyClassesHaveNoMatrix() {
    let classes = 21_841
    var score = ClassificationScore(classes: classes)
    var row = [Float](repeating: 0, count: classes)
    row[7] = 1
    score.add(logits: Tensor(row + row, shape: [2, classes]), labels: [7, 9])
    #expect(score.confusion.isEmpty && score.confusionCSV(names: []) == nil && score.top1 == 1)
    let rows = score.rows(names: [])
    #expect(rows[7] == .init(name: "class 7", count: 1, predicted: 2, top1: 1, precision: 0.5))
    #expect(rows[9] == .init(name: "class 9", count: 1, predicted: 0, top1: 0, precision: 0))
    #expect(ClassificationScore.hits(Tensor(row + row, shape: [2, classes]), [7, 9]) == 1)
  }

  @Test func hitsAreTop1() {
    let tensor = Tensor(logits.flatMap { $0 } + [Float](repeating: .nan, count: 7), shape: [5, 7])
    #expect(ClassificationScore.hits(tensor, labels + [0]) == 2)
    #expect(ClassificationScore.hits(tensor, labels + [3]) == score(.softmax).top1)
  }

  @Test func nothingScoredIsZero() {
    let score = ClassificationScore(classes: 3)
    #expect(score.top1Share == 0 && score.top5Share == 0 && score.meanLoss == 0)
  }

  @Test func numbersThatAreNoneRankLast() {
    var score = ClassificationScore(classes: 2)
    score.add(logits: Tensor([.nan, -5], shape: [1, 2]), labels: [1])
    score.add(logits: Tensor([.nan, .nan], shape: [1, 2]), labels: [1])
    #expect(score.top1 == 1 && score.confusion == [0, 0, 1, 1])
  }

  @Test func classesAreMatchedByNameThenByOrder() throws {
    func found(_ classes: [String], _ known: [String], _ logits: Int, _ counts: [Int]? = nil) throws
      -> ClassMatch
    {
      try ClassMatch(
        classes, having: counts ?? classes.map { _ in 1 }, among: known, logits: logits, path: "d")
    }
    func match(_ classes: [String], _ known: [String], _ logits: Int) throws -> [Int] {
      try found(classes, known, logits).logits
    }
    #expect(try match(["b", "a"], ["a", "b", "c"], 3) == [1, 0])
    #expect(try match(["x", "y"], [], 2) == [0, 1])
    #expect(try match(["n01", "n02"], ["tench", "goldfish"], 2) == [0, 1])
    let few = #expect(throws: TrainingError.self) { try match(["x"], ["a", "b"], 2) }
    #expect(
      few?.description == "d: does not fit the model: it has 1 classes, and the model 2, of other names")
    let odd = #expect(throws: TrainingError.self) { try match(["a", "x"], ["a", "b"], 2) }
    #expect(odd?.description == "d: does not fit the model: the model has no class 'x'")
    // Of a class without pictures it does not matter.
    #expect(try found(["a", "x"], ["a", "b"], 2, [3, 0]).logits == [0, -1])
    // An order that nobody told is one that a reader should know of.
    #expect(try found(["b", "a"], ["a", "b", "c"], 3).remarks.isEmpty)
    #expect(
      try found(["x", "y"], [], 2).remarks == [
        "the model does not tell what its classes are called; those of d are taken in order"
      ])
    #expect(try found(["x", "y"], ["a", "b"], 2).remarks.count == 1)
    // ImageNet has two cranes: a name alone does not tell which one is meant, but the whole list does.
    #expect(try match(["crane", "crane"], ["crane", "crane"], 2) == [0, 1])
    for classes in [["crane"], ["crane", "crane"], ["owl", "owl"]] {
      let error = #expect(throws: TrainingError.self) { try match(classes, ["crane", "owl", "crane"], 3) }
      #expect(error?.description.hasSuffix("more than one class is called '\(classes[0])'") == true)
    }
  }
}

/// Folders that are called by synsets, and networks that know names.
@Suite struct SynsetMatchTests {
  @Test func synsetsAndNamesAreTheSameClasses() throws {
    func match(_ classes: [String], _ known: [String]) throws -> ClassMatch {
      try ClassMatch(classes, having: classes.map { _ in 1 }, among: known, logits: known.count, path: "d")
    }
    let byName = try match(["n01443537", "n01440764"], ["tench", "goldfish", "other"])
    #expect(byName.logits == [1, 0] && byName.isByName)
    let bySynset = try match(["goldfish"], ["n01440764", "n01443537"])
    #expect(bySynset.logits == [1] && bySynset.isByName)
    // A name that both have needs no other spelling.
    #expect(try match(["n01440764"], ["tench", "n01440764"]).logits == [1])
  }
}
