import Foundation
import Networks
import Testing

/// Learning rates against torch.optim.lr_scheduler; the numbers come from Reference/make_schedules.py.
@Suite struct ScheduleTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      let name: String
      let base: Float
      let stepsPerEpoch: Int
      let epochs: Int
      let rates: [Double]
    }
    let cases: [Case]
  }

  static let schedules: [String: Schedule] = [
    "constant": Schedule(.constant),
    "step": Schedule(.step(every: 2, factor: 0.1)),
    "multiStep": Schedule(.multiStep(milestones: [3, 5], factor: 0.2)),
    "multiStepWarm": Schedule(
      .multiStep(milestones: [3, 5], factor: 0.2), warmUp: Schedule.WarmUp(epochs: 2, startFactor: 0.1)),
    "cosine": Schedule(.cosine(floor: 0.002)),
    "cosineWarm": Schedule(.cosine(floor: 0), warmUp: Schedule.WarmUp(epochs: 1, startFactor: 0.25)),
    "oneCycle": Schedule(.oneCycle(Schedule.OneCycle())),
    "oneCycleLinear": Schedule(
      .oneCycle(Schedule.OneCycle(peak: 0.2, initialDivision: 10, finalDivision: 100, isLinear: true))),
  ]

  @Test func ratesAreTorchs() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/schedules", withExtension: "json"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    #expect(Set(reference.cases.map(\.name)) == Set(Self.schedules.keys))
    for entry in reference.cases {
      let schedule = try #require(Self.schedules[entry.name])
      for (step, expected) in entry.rates.enumerated() {
        let rate = schedule.rate(
          at: step, stepsPerEpoch: entry.stepsPerEpoch, epochs: entry.epochs, base: entry.base)
        // Single precision, in the base rate, the factors and the result; the smallest rates are differences of
        // larger ones.
        let tolerance = 1e-6 * max(expected, Double(entry.base) * 1e-2)
        #expect(abs(Double(rate) - expected) <= tolerance, "\(entry.name), step \(step)")
      }
    }
  }

  @Test func shortRunsHaveFiniteRates() {
    for (name, schedule) in Self.schedules {
      for steps in 1...3 {
        for step in 0..<steps {
          let rate = schedule.rate(at: step, stepsPerEpoch: steps, epochs: 1, base: 0.1)
          #expect(rate.isFinite && rate >= 0 && rate <= 0.11, "\(name), step \(step) of \(steps)")
        }
      }
    }
  }
}
