import Foundation
import Scoring
import Streaming
import Testing

/// When the model is put aside for being slow, and when it is tried again.
struct LatencyBudgetTests {
    private let start = ContinuousClock.now

    @Test func aModelWithinItsBudgetAlwaysDecides() {
        var budget = LatencyBudget(.milliseconds(500))
        for second in 0..<100 {
            let at = start.advanced(by: .seconds(second))
            #expect(budget.allowsModel(at: at))
            let isSlow = budget.note(scored: 1, from: at, to: at.advanced(by: .milliseconds(500)))
            #expect(!isSlow)
        }
    }

    @Test func aSlowModelIsTriedAgainLessAndLessOften() {
        var budget = LatencyBudget(.milliseconds(500))
        var at = start
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            #expect(budget.allowsModel(at: at))
            let end = at.advanced(by: .milliseconds(501))
            let isSlow = budget.note(scored: 1, from: at, to: end)
            #expect(isSlow)
            #expect(!budget.allowsModel(at: end))
            at = end.advanced(by: .seconds(pause))
            #expect(!budget.allowsModel(at: at.advanced(by: .nanoseconds(-1))))
        }
        // One batch in time, and the next slow one begins at a second again.
        #expect(budget.allowsModel(at: at))
        let isSlowInTime = budget.note(scored: 1, from: at, to: at.advanced(by: .milliseconds(3)))
        #expect(!isSlowInTime)
        #expect(budget.allowsModel(at: at))
        let isSlowAgain = budget.note(scored: 1, from: at, to: at.advanced(by: .seconds(2)))
        #expect(isSlowAgain)
        #expect(budget.allowsModel(at: at.advanced(by: .seconds(3))))
    }

    @Test func aBatchWithoutScoresSaysNothing() {
        var budget = LatencyBudget(.milliseconds(500))
        var at = start
        for pause in [1, 2, 4, 8] {
            let end = at.advanced(by: .seconds(1))
            let isSlow = budget.note(scored: 256, from: at, to: end)
            #expect(isSlow)
            at = end.advanced(by: .seconds(pause))
            #expect(!budget.allowsModel(at: at.advanced(by: .nanoseconds(-1))) && budget.allowsModel(at: at))
            // Nothing but defects and jobs that are not due: neither quick nor, while the machine is stuck, slow.
            let isEmptySlow = budget.note(scored: 0, from: at, to: at)
            let isStuckSlow = budget.note(scored: 0, from: at, to: at.advanced(by: .seconds(3)))
            #expect(!isEmptySlow && !isStuckSlow && budget.allowsModel(at: at))
        }
    }

    @Test func theWaitForOutcomesIsNotTheModelsTime() {
        let health = SharedHealth(control: ControlParameters())
        let (isHeld, isWaiting) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let clock = { @Sendable in Timestamp(milliseconds: 1_772_600_000_000) }
        let thread = Thread {
            _ = health.decide(by: clock, control: ControlParameters()) { _, _ in
                isHeld.signal()
                isWaiting.wait()
                // Until the other one stands at the lock, and for longer than any budget.
                Thread.sleep(forTimeInterval: 0.6)
            }
        }
        thread.start()
        isHeld.wait()
        let before = ContinuousClock.now
        isWaiting.signal()
        let (decisions, time) = health.decide(by: clock, control: ControlParameters()) { _, _ in 7 }
        #expect(decisions == 7)
        #expect(time.lowerBound - before > .milliseconds(500))
        var budget = LatencyBudget(.milliseconds(500))
        let isSlow = budget.note(scored: 1, from: time.lowerBound, to: time.upperBound)
        #expect(!isSlow)
    }
}
