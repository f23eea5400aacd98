import Broker
import Sidecar
import Testing

@Suite("When messages came")
struct ArrivalHistoryTests {
    private func time(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1e9)) }

    /// To a thousandth.
    private func seconds(_ age: Duration?) -> Double? { age.map { ($0 / .seconds(1) * 1000).rounded() / 1000 } }

    @Test("The oldest message's age is that of its arrival, between two samples by a straight line")
    func age() {
        var history = ArrivalHistory()
        // Ten a second.
        for second in 0...10 { history.add(Int64(second * 10), at: time(Double(second))) }
        // Message 26 came between seconds 2 and 3.
        #expect(seconds(history.age(ofOldestBehind: 25, at: time(10))) == 7.4)
        #expect(seconds(history.age(ofOldestBehind: 99, at: time(12))) == 2)
        #expect(history.age(ofOldestBehind: 100, at: time(12)) == nil, "nothing is there")
    }

    @Test("What came before the first sample has an age that nobody knows")
    func unknown() {
        var history = ArrivalHistory()
        history.add(50, at: time(0))
        history.add(60, at: time(5))
        #expect(history.age(ofOldestBehind: 49, at: time(9)) == nil)
        #expect(seconds(history.age(ofOldestBehind: 54, at: time(5))) == 2.5)
        history.reset()
        #expect(history.age(ofOldestBehind: 54, at: time(5)) == nil)
    }

    @Test("A purge takes back what had come; what comes afterwards has its own time")
    func purge() {
        var history = ArrivalHistory()
        history.add(0, at: time(0))
        history.add(100, at: time(10))
        // Forty acknowledged, sixty purged: arrivals, told by what left and what is there, fall to forty.
        history.add(40, at: time(20))
        history.add(50, at: time(30))
        #expect(seconds(history.age(ofOldestBehind: 40, at: time(30))) == 9)
    }

    @Test("Memory is bounded; old times become coarse, not wrong")
    func bounded() throws {
        var history = ArrivalHistory()
        for second in 0..<20_000 {
            history.add(Int64(second) * 5, at: time(Double(second)))
            #expect(history.count <= ArrivalHistory.limit)
        }
        for number in [10, 7000, 60_000, 99_990] {
            let age = try #require(history.age(ofOldestBehind: Int64(number) - 1, at: time(20_000)))
            #expect(abs(age / .seconds(1) - (20_000 - Double(number) / 5)) < 0.001, "message \(number)")
        }
    }

    @Test("A quiet queue's samples are its changes")
    func quiet() {
        var history = ArrivalHistory()
        history.add(0, at: time(0))
        history.add(7, at: time(1))
        for second in 2..<5000 { history.add(7, at: time(Double(second))) }
        #expect(history.count == 3)
        #expect(seconds(history.age(ofOldestBehind: 6, at: time(5000))) == 4999)
    }
}

@Suite("Rates of a queue")
struct QueueHistoryTests {
    private func time(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1e9)) }

    private func counts(_ published: Int64, _ acknowledged: Int64, messages: Int64) -> QueueCounts {
        QueueCounts(published: published, delivered: acknowledged, acknowledged: acknowledged, messages: messages, unacknowledged: 0)
    }

    @Test("Rates are differences of counts over the window, or of depths alone where nothing counts")
    func rates() throws {
        var history = QueueHistory(kind: .jobs)
        #expect(history.rates() == nil)
        for second in stride(from: 0.0, through: 60, by: 2) { history.add(depth: Int(second) * 3, at: time(second)) }
        let sampled = try #require(history.rates())
        #expect(sampled.net == 3 && sampled.published == nil && sampled.acknowledged == nil && sampled.window == 30)
        for second in stride(from: 0.0, through: 60, by: 5) {
            history.add(counts(Int64(second) * 10, Int64(second) * 7, messages: Int64(second) * 3), at: time(second))
        }
        let counted = try #require(history.rates())
        #expect(counted.published == 10 && counted.acknowledged == 7 && counted.delivered == 7 && counted.net == 3)
    }

    @Test("One sample says nothing, and neither do two that are a moment apart")
    func tooFew() {
        var history = QueueHistory(kind: .jobs)
        history.add(depth: 5, at: time(0))
        #expect(history.rates() == nil)
        history.add(depth: 9, at: time(1))
        #expect(history.rates() == nil)
    }

    @Test("A broker that begins to count anew gives no negative rates and no ages of another life")
    func restart() {
        var history = QueueHistory(kind: .jobs)
        history.add(counts(1000, 900, messages: 100), at: time(0))
        history.add(counts(1100, 900, messages: 200), at: time(10))
        #expect(history.age(at: time(10)) == nil, "what was there at the first look came before it")
        history.add(counts(0, 0, messages: 200), at: time(20))
        #expect(history.rates() == nil)
        #expect(history.age(at: time(20)) == nil)
        history.add(counts(50, 200, messages: 50), at: time(30))
        #expect(history.age(at: time(30)).map { ($0 * 100).rounded() / 100 } == 9.8)
    }

    @Test("Jobs that a broker puts into a queue itself are counted by what leaves; a retry queue's by what is published")
    func deadLetters() {
        var jobs = QueueHistory(kind: .jobs)
        var retry = QueueHistory(kind: .retry)
        // Nothing published, 100 come back from retry queues at second 10, 40 are acknowledged at 20.
        jobs.add(counts(0, 0, messages: 0), at: time(0))
        jobs.add(counts(0, 0, messages: 0), at: time(9))
        jobs.add(counts(0, 0, messages: 100), at: time(10))
        jobs.add(counts(0, 40, messages: 60), at: time(20))
        let age = jobs.age(at: time(20)).map { ($0 * 100).rounded() / 100 }
        #expect(age == 10.59)
        // 100 published at 10, 60 have gone by their time at 20, and nobody acknowledges.
        retry.add(counts(0, 0, messages: 0), at: time(0))
        retry.add(counts(0, 0, messages: 0), at: time(9))
        retry.add(counts(100, 0, messages: 100), at: time(10))
        retry.add(counts(100, 0, messages: 40), at: time(20))
        #expect(retry.age(at: time(20)).map { ($0 * 100).rounded() / 100 } == 10.39)
    }
}
