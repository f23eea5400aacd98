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
            let isSlow = budget.note(from: at, to: at.advanced(by: .milliseconds(500)))
            #expect(!isSlow)
        }
    }

    @Test func aSlowModelIsTriedAgainLessAndLessOften() {
        var budget = LatencyBudget(.milliseconds(500))
        var at = start
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            #expect(budget.allowsModel(at: at))
            let end = at.advanced(by: .milliseconds(501))
            let isSlow = budget.note(from: at, to: end)
            #expect(isSlow)
            #expect(!budget.allowsModel(at: end))
            at = end.advanced(by: .seconds(pause))
            #expect(!budget.allowsModel(at: at.advanced(by: .nanoseconds(-1))))
        }
        // One batch in time, and the next slow one begins at a second again.
        #expect(budget.allowsModel(at: at))
        let isSlowInTime = budget.note(from: at, to: at.advanced(by: .milliseconds(3)))
        #expect(!isSlowInTime)
        #expect(budget.allowsModel(at: at))
        let isSlowAgain = budget.note(from: at, to: at.advanced(by: .seconds(2)))
        #expect(isSlowAgain)
        #expect(budget.allowsModel(at: at.advanced(by: .seconds(3))))
    }
}
