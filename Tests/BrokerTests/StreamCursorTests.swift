import Broker
import Testing

/// Where reading goes on, for everything that may have happened to the stream.
@Suite struct StreamCursorTests {
    typealias Attachment = StreamCursor.Attachment

    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func later(_ seconds: Int) -> MonotonicTime { start + .seconds(seconds) }

    private func first(_ position: StreamPosition, end: Int64?) -> (StreamCursor, Attachment?) {
        var cursor = StreamCursor(position)
        let attachment = cursor.attach(end: end, handedOut: nil, now: start)
        return (cursor, attachment)
    }

    @Test func beginsWhereItIsTold() {
        #expect(first(.first, end: 9).1 == Attachment(start: .first, done: nil, isNewStream: false))
        #expect(first(.interval(.seconds(90)), end: 9).1 == Attachment(start: .interval(90), done: nil, isNewStream: false))
        #expect(first(.interval(.milliseconds(1)), end: nil).1?.start == .interval(1))
        #expect(first(.next, end: 9).1 == Attachment(start: .offset(10), done: 9, isNewStream: false))
        #expect(first(.next, end: nil).1 == Attachment(start: .offset(0), done: -1, isNewStream: false))
    }

    @Test(arguments: [StreamPosition.first, .interval(.seconds(5)), .next])
    func goesOnBehindWhatWasHandedOut(position: StreamPosition) {
        var (cursor, _) = first(position, end: 9)
        let expected = Attachment(start: .offset(43), done: 42, isNewStream: false)
        #expect(cursor.attach(end: 50, handedOut: 42, now: later(100)) == expected)
        #expect(cursor.attach(end: 42, handedOut: 42, now: later(200)) == expected)
    }

    @Test func skipsNothingWhenTheFirstConnectionBroughtNothing() {
        var (next, _) = first(.next, end: 9)
        #expect(next.attach(end: 20, handedOut: nil, now: later(60)) == Attachment(start: .offset(10), done: 9, isNewStream: false))
        var (nextOfEmpty, _) = first(.next, end: nil)
        #expect(nextOfEmpty.attach(end: 20, handedOut: nil, now: later(60))?.start == .offset(0))
        var (interval, _) = first(.interval(.seconds(30)), end: 9)
        #expect(interval.attach(end: 20, handedOut: nil, now: later(60))?.start == .interval(90))
    }

    @Test func readsAnotherStreamOfTheSameNameFromItsBegin() {
        let starts: [(StreamPosition, StreamCursor.Start)] = [(.first, .first), (.interval(.seconds(30)), .interval(90)), (.next, .first)]
        for (position, start) in starts {
            let expected = Attachment(start: start, done: nil, isNewStream: true)
            // It ends before what was read.
            var (shorter, _) = first(position, end: 9)
            #expect(shorter.attach(end: 41, handedOut: 42, now: later(60)) == expected)
            // It was deleted, and has grown past what was read since.
            var (missing, _) = first(position, end: 9)
            missing.streamIsGone()
            #expect(missing.attach(end: 1000, handedOut: 42, now: later(60)) == expected)
            // It was deleted, and holds nothing yet.
            var (empty, _) = first(position, end: 9)
            empty.streamIsGone()
            #expect(empty.attach(end: nil, handedOut: 42, now: later(60)) == expected)
            // The next time it is the stream it was.
            #expect(empty.attach(end: 7, handedOut: 3, now: later(60))?.start == .offset(4))
        }
    }

    @Test func wantsWhatCameWhileItWaitedForTheStream() {
        var cursor = StreamCursor(.next)
        cursor.streamIsMissing(now: start)
        cursor.streamIsMissing(now: later(3))
        #expect(cursor.attach(end: 9, handedOut: nil, now: later(5)) == Attachment(start: .interval(5), done: nil, isNewStream: false))
        #expect(cursor.attach(end: 9, handedOut: nil, now: later(7))?.start == .interval(7))
        #expect(cursor.attach(end: 9, handedOut: 9, now: later(9))?.start == .offset(10))
    }

    /// A broker that starts says of every stream that it is missing.
    @Test(arguments: [StreamPosition.first, .interval(.seconds(5)), .next])
    func goesOnAfterTheStreamWasMissing(position: StreamPosition) {
        var (cursor, _) = first(position, end: 9)
        cursor.streamIsMissing(now: later(1))
        #expect(cursor.attach(end: 50, handedOut: 42, now: later(2)) == Attachment(start: .offset(43), done: 42, isNewStream: false))
        var (waiting, _) = first(position, end: 9)
        waiting.streamIsMissing(now: later(1))
        #expect(waiting.attach(end: nil, handedOut: 42, now: later(2)) == nil)
    }

    /// A broker too busy to show the end in time must not make us read everything again.
    @Test func asksAgainIfAStreamThatWasReadShowsNoEnd() {
        var (cursor, _) = first(.first, end: 9)
        #expect(cursor.attach(end: nil, handedOut: 42, now: later(1)) == nil)
        #expect(cursor.attach(end: 42, handedOut: 42, now: later(2))?.start == .offset(43))
        var (next, _) = first(.next, end: 9)
        #expect(next.attach(end: nil, handedOut: nil, now: later(1)) == nil)
    }
}
