import Foundation
import Testing
import World

@Suite("Exact functions")
struct ExactTests {
    @Test("exp and log agree with the C library to 1e-14")
    func agreesWithLibrary() {
        for step in -4000...4000 {
            let value = Double(step) / 16.3
            let expected = Foundation.exp(value)
            #expect(abs(Exact.exp(value) - expected) <= 1e-14 * expected, "exp(\(value))")
            #expect(abs(Exact.log(expected) - value) <= 1e-14 * max(1, abs(value)), "log(\(expected))")
        }
    }

    @Test("Ends of the range give ends of the range")
    func ends() {
        #expect(Exact.exp(-1000) == 0)
        #expect(Exact.exp(.nan) == 0)
        #expect(Exact.exp(5000).isFinite)
        #expect(Exact.log(0) == -700)
        #expect(Exact.logistic(-800) >= 0)
        #expect(Exact.logistic(800) == 1)
    }
}
