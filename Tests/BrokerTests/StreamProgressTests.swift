import Broker
import Testing

/// When a replay counts as finished, and what counts as new.
@Suite struct StreamProgressTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    @Test func takesEachOffsetOnce() {
        var progress = StreamProgress(end: 100, done: 41, now: start)
        let taken = [40, 41, 42, 43, 43, 42, 44].map { progress.deliver($0, tag: 1) }
        #expect(taken == [false, false, true, true, false, false, true])
    }

    @Test func reachesTheEndOnceAllUpToItIsSettled() {
        var progress = StreamProgress(end: 2, done: nil, now: start)
        let late = start + .seconds(60)
        for offset in 0..<5 as Range<Int64> {
            #expect(progress.deliver(offset, tag: UInt64(offset) + 11) == true)
            #expect(progress.hasReachedEnd(lowestOpen: 11, now: late) == false)
        }
        #expect(progress.hasReachedEnd(lowestOpen: 13, now: start) == false)
        #expect(progress.hasReachedEnd(lowestOpen: 14, now: start) == true)
        #expect(progress.hasReachedEnd(lowestOpen: nil, now: start) == true)
    }

    @Test func isNotThereWhileTheEndIsMissing() {
        var progress = StreamProgress(end: 2, done: nil, now: start)
        #expect(progress.deliver(1, tag: 1) == true)
        #expect(progress.hasReachedEnd(lowestOpen: nil, now: start + .seconds(3600)) == false)
    }

    @Test func isThereAtOnceWithNothingToReplay() {
        #expect(StreamProgress(end: nil, done: nil, now: start).hasReachedEnd(lowestOpen: nil, now: start))
        #expect(StreamProgress(end: 7, done: 7, now: start).hasReachedEnd(lowestOpen: nil, now: start))
        #expect(!StreamProgress(end: 7, done: 6, now: start).hasReachedEnd(lowestOpen: nil, now: start))
    }

    @Test func takesSilenceForTheEnd() {
        let progress = StreamProgress(end: 7, done: nil, now: start)
        #expect(!progress.hasReachedEnd(lowestOpen: nil, now: start + StreamProgress.silence - .milliseconds(1)))
        #expect(progress.hasReachedEnd(lowestOpen: nil, now: start + StreamProgress.silence))
    }
}

extension MonotonicTime {
    fileprivate static func - (time: MonotonicTime, duration: Duration) -> MonotonicTime { time + (.zero - duration) }
}
