import Broker
import Testing

@Suite struct BackoffTests {
    @Test(arguments: UInt64(1)...20) func waitsBetweenHalfAndAllOfADoublingBound(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var backoff = Backoff(initial: .milliseconds(50), maximum: .seconds(1))
        for attempt in 0..<100 {
            let bound = min(Duration.milliseconds(50) * (1 << min(attempt, 10)), .seconds(1))
            let wait = backoff.next(using: &generator)
            #expect(wait <= bound && wait >= bound / 2, "attempt \(attempt): \(wait)")
        }
        #expect(backoff.attempts == 100)
        backoff.reset()
        #expect(backoff.next(using: &generator) <= .milliseconds(50))
    }

    @Test func jitterSpreadsClientsApart() {
        let waits = Set(
            (UInt64(0)..<50).map { seed in
                var generator = SeededGenerator(seed: seed)
                return Backoff(initial: .seconds(1), maximum: .seconds(1)).wait(attempt: 0, using: &generator)
            })
        #expect(waits.count == 50)
    }
}

@Suite struct RetryScheduleTests {
    @Test func givesBackWhatIsDueInTheOrderOfAdding() {
        var schedule = RetrySchedule<Int>()
        schedule.add(1, due: MonotonicTime(nanoseconds: 30))
        schedule.add(2, due: MonotonicTime(nanoseconds: 10))
        schedule.add(3, due: MonotonicTime(nanoseconds: 20))
        #expect(schedule.earliest == MonotonicTime(nanoseconds: 10))
        #expect(schedule.takeDue(now: MonotonicTime(nanoseconds: 9)) == [])
        #expect(schedule.takeDue(now: MonotonicTime(nanoseconds: 20)) == [2, 3])
        #expect(schedule.earliest == MonotonicTime(nanoseconds: 30))
        #expect(schedule.takeAll() == [1])
        #expect(schedule.earliest == nil)
    }
}

@Suite struct SendQueueTests {
    @Test(arguments: UInt64(1)...20) func behavesLikeAnArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = SendQueue<Int>()
        var model: [Int] = []
        for step in 0..<5000 {
            switch Int.random(in: 0..<20, using: &generator) {
            case ..<6:
                queue.append(contentsOf: [step, step + 1])
                model += [step, step + 1]
            case 6:
                queue.prepend(contentsOf: [-step])
                model.insert(-step, at: 0)
            default:
                #expect(queue.first == model.first)
                if !model.isEmpty {
                    queue.removeFirst()
                    model.removeFirst()
                }
            }
            #expect(queue.count == model.count && queue.isEmpty == model.isEmpty)
        }
    }
}
