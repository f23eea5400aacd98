import Foundation
import Scoring
import Testing

/// The logarithm against the C library's, which may differ in the last bits.
struct LogarithmTests {
    @Test func isThatOfTheCLibraryBetterThanFourUnitsOfTheLastPlace() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<100_000 {
            let x = Double(
                sign: .plus, exponent: Int.random(in: -300...300, using: &generator),
                significand: Double.random(in: 1..<2, using: &generator))
            let expected = log(x)
            #expect(abs(Logarithm.natural(x) - expected) <= 4 * expected.ulp + 1e-16)
        }
        #expect(Logarithm.natural(1) == 0)
    }
}
