import Dispatch
import Testing

@testable import Files

@Suite struct ThreadValueTests {
  private struct Odd: Error {}

  @Test func holdsForOneThreadAndOneCall() throws {
    let number = ThreadValue<Int>()
    #expect(number.current == nil)
    let result = number.with(1) {
      #expect(number.current == 1)
      number.with(2) { #expect(number.current == 2) }
      #expect(throws: Odd.self) { try number.with(3) { throw Odd() } }
      DispatchQueue.concurrentPerform(iterations: 8) { i in
        // Whichever thread it is: its own value comes and goes, that of the caller stays.
        let before = number.current
        number.with(10 + i) { #expect(number.current == 10 + i) }
        #expect(number.current == before)
      }
      return number.current
    }
    #expect(result == 1 && number.current == nil)
  }
}
