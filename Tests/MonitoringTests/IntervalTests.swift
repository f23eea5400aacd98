import Monitoring
import Testing

@Suite struct IntervalTests {
    @Test("It is Wilson's: 8 of 10 lie within 0.490 and 0.943")
    func wilson() throws {
        let interval = try #require(Interval(hits: 8, of: 10))
        #expect(interval.value == 0.8)
        #expect(abs(interval.low - 0.4901625) < 1e-6)
        #expect(abs(interval.high - 0.9433178) < 1e-6)
    }

    @Test("It stays within 0 and 1, and without trials there is none")
    func edges() throws {
        #expect(Interval(hits: 0, of: 0) == nil)
        #expect(try #require(Interval(hits: 0, of: 5)).low == 0)
        #expect(try #require(Interval(hits: 5, of: 5)).high == 1)
    }
}
