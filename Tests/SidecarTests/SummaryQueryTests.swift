import Scoring
import Sidecar
import Testing

@Suite struct SummaryQueryTests {
    private let now = Timestamp(rfc3339: "2026-03-04T05:06:07.890Z")!

    @Test("Without parameters it is the last day, in whole steps")
    func defaults() throws {
        let query = try SummaryQuery(from: nil, to: nil, step: nil, now: now)
        #expect(query.step == 900)
        #expect(query.range.lowerBound == Timestamp(rfc3339: "2026-03-03T05:00:00Z"))
        #expect(query.range.upperBound == Timestamp(rfc3339: "2026-03-04T05:15:00Z"))
    }

    @Test("Steps cover what is asked for, and there are not too many", arguments: [60, 61, 3600, 86_400])
    func steps(_ step: Int) throws {
        let from = Timestamp(rfc3339: "2026-03-03T17:06:07Z")!
        let query = try SummaryQuery(from: from, to: now, step: step, now: now)
        #expect(query.range.lowerBound <= from && query.range.upperBound >= now)
        #expect((query.range.upperBound - query.range.lowerBound) % Int64(step * 1000) == 0)
        #expect((query.range.upperBound - query.range.lowerBound) / Int64(step * 1000) <= Int64(SummaryQuery.mostBuckets))
    }

    @Test("Too much is refused by name")
    func refused() throws {
        let monthAgo = Timestamp(milliseconds: now.milliseconds - 32 * 86_400_000)
        #expect(try #require(throws: Problem.self) { try SummaryQuery(from: monthAgo, to: nil, step: nil, now: now) }.field == "from")
        #expect(try #require(throws: Problem.self) { try SummaryQuery(from: now, to: now, step: nil, now: now) }.field == "from")
        let weekAgo = Timestamp(milliseconds: now.milliseconds - 7 * 86_400_000)
        #expect(try #require(throws: Problem.self) { try SummaryQuery(from: weekAgo, to: now, step: 60, now: now) }.field == "step")
    }
}
