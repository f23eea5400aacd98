import Scoring
import Testing

/// Decisions without a model.
struct RulePolicyTests {
    private let now = Timestamp(milliseconds: 1_772_600_767_000)
    private let scorer = Scorer(model: nil, ladder: .standard)

    private func decide(_ job: Job, at time: Timestamp? = nil) throws -> Decision {
        try #require(scorer.decide([PendingJob(job: job)], now: time ?? now).first)
    }

    private func job(_ id: String = "job-1", attempts: Int, lastAttempt: Int64?) throws -> Job {
        var job = try JobFixture.firstAttempt(id, at: now)
        job.previousAttempts = attempts
        job.lastStatus = attempts == 0 ? .none : .timeout
        job.lastAttemptAt = lastAttempt.map { now + $0 }
        return job
    }

    @Test func aFirstAttemptIsMadeAtOnce() throws {
        let decision = try decide(job(attempts: 0, lastAttempt: nil))
        #expect(decision.kind == .dispatch)
        #expect(decision.reason == .noModel)
        #expect(decision.policy == "rules")
        #expect(decision.model == "none")
        #expect(decision.probability.isNaN)
        #expect(decision.provider == "alpha")
        #expect(decision.priority == .normal)
        #expect(decision.actions.isEmpty && decision.features.isEmpty && decision.chosen == nil)
    }

    @Test func retriesBackOffOverTheLadderWithJitter() throws {
        let steps = DelayLadder.standard.steps.map(\.milliseconds)
        for attempts in 1...7 {
            var due: Set<Int64> = []
            for index in 0..<40 {
                // Let time pass until the attempt is made, as the retry queues do.
                let job = try job("job-\(index)", attempts: attempts, lastAttempt: 0)
                var time = now
                var decision = try decide(job)
                while decision.kind == .retry {
                    #expect(steps.contains(decision.delayMilliseconds))
                    time = time + decision.delayMilliseconds
                    decision = try decide(job, at: time)
                }
                due.insert(time - now)
                let step = steps[attempts - 1]
                // A wait is rounded up to the shortest step.
                #expect(time - now >= step / 2 - 1000)
                #expect(time - now < step * 3 / 2 + 15_000)
            }
            #expect(due.count > 1)
        }
    }

    @Test func aJobThatHasWaitedIsDispatched() throws {
        #expect(try decide(job(attempts: 1, lastAttempt: -22_500)).kind == .dispatch)
        #expect(try decide(job(attempts: 3, lastAttempt: -100)).kind == .retry)
        // A last attempt in the future counts as one that was due now.
        #expect(try decide(job(attempts: 3, lastAttempt: 1_000_000_000), at: now + 450_000).kind == .dispatch)
    }

    @Test func nobodyWaitsBeyondExpiry() throws {
        var job = try job(attempts: 6, lastAttempt: -1000)
        job.expiresAt = now + 10_000
        #expect(try decide(job).kind == .dispatch)
    }

    @Test func overridesHoldWithoutAModelToo() throws {
        var job = try job(attempts: 2, lastAttempt: -1000)
        job.lastStatus = .hardBounce
        let decision = try decide(job)
        #expect(decision.kind == .giveUp)
        #expect(decision.reason == .permanentFailure)
        #expect(decision.policy == "rules")
        job.lastStatus = .timeout
        job.sendTime = now + 100_000
        #expect(try decide(job).reason == .notDue)
    }
}
