import Scoring
import Testing
import World

/// What holds in the closed loop whatever the policy: capacity, expiry, and that no policy is shown the truth.
@Suite("Limits of the closed loop")
struct LoopLimitTests {
    /// Tries at once without end and keeps what it was told.
    private struct Recording: DeliveryPolicy {
        /// Milliseconds before each first attempt.
        var patience: Int64 = 0
        var jobs: [String: Job] = [:]
        var outcomes: [Outcome] = []

        mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
            jobs[job.notificationID] = job
            guard job.previousAttempts < 4 else { return .giveUp }
            return .attempt(provider: job.provider, afterMilliseconds: job.previousAttempts == 0 ? patience : 0)
        }

        mutating func observe(_ outcome: Outcome) {
            outcomes.append(outcome)
        }

        /// Deliveries before expiry, from what the policy was told alone.
        var deliveries: Int {
            outcomes.count { outcome in
                outcome.status == .delivered && jobs[outcome.notificationID]?.expiresAt.map { outcome.occurredAt <= $0 } ?? true
            }
        }
    }

    private static func loop(_ scenario: Scenario, seed: UInt64 = 1) -> ClosedLoop {
        var configuration = ClosedLoop.Configuration()
        configuration.scenario = scenario
        configuration.notifications = 6000
        configuration.seed = seed
        return ClosedLoop(configuration)
    }

    @Test("A delivery counts if it comes before expiry, and only then", arguments: [0, 600_000, 90_000_000] as [Int64])
    func expiry(patience: Int64) {
        let loop = Self.loop(.overload)
        var policy = Recording(patience: patience)
        let run = loop.run(&policy)
        let arrived = policy.outcomes.count { $0.status == .delivered }
        #expect(run.delivered.reduce(0, +) == policy.deliveries)
        #expect(arrived > policy.deliveries)
    }

    @Test("The scorer is asked about expired jobs and attempts none of them")
    func noAttemptAfterExpiry() {
        struct Watched: DeliveryPolicy {
            var inner: ScorerPolicy
            var expired = 0
            var late = 0

            mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
                let action = inner.action(for: job, at: now)
                if let expiresAt = job.expiresAt, now >= expiresAt {
                    expired += 1
                    if action != .giveUp { late += 1 }
                }
                return action
            }
        }
        let loop = Self.loop(.overload)
        var policy = Watched(
            inner: ScorerPolicy(scorer: Scorer(model: nil, ladder: .standard, policy: loop.configuration.parameters)))
        _ = loop.run(&policy)
        #expect(policy.expired > 0)
        #expect(policy.late == 0)
    }

    @Test("Attempts beyond a provider's capacity are answered 429 or 421, and no provider carries out more than it can")
    func capacity() throws {
        let loop = Self.loop(.overload)
        var policy = Recording()
        let run = loop.run(&policy)
        let throttled = policy.outcomes.filter { $0.status == .throttled }
        // A mailbox that takes no more messages from one sender says 450, not the provider.
        let byProvider = throttled.filter { $0.responseCode != 450 }
        #expect(byProvider.allSatisfy { $0.responseCode == ($0.channel == .email ? 421 : 429) })
        #expect(Set(byProvider.map(\.channel)).count == 3)
        #expect(run.measures.peakLoad > 2)
        #expect(run.measures.throttledShare > 0.1)
        let hour: Int64 = 3_600_000
        for (provider, outcomes) in Dictionary(grouping: policy.outcomes, by: \.provider) {
            let perSecond = try loop.world.capacityPerSecond(of: #require(loop.world.provider(named: provider)))
            // Some mail hosts say 550 when they mean "too much": left out, whatever it meant.
            let taken = outcomes.filter { $0.status != .throttled && $0.responseCode != 550 }
            for (_, taken) in Dictionary(grouping: taken, by: { $0.attemptedAt.milliseconds / hour }) {
                // What drains in an hour, and what a queue that was empty at its beginning holds at its end.
                #expect(Double(taken.count) <= perSecond * 3600 + Self.queueLimit(perSecond) + 1, "\(provider)")
            }
        }
    }

    private static func queueLimit(_ perSecond: Double) -> Double {
        let parameters = WorldParameters()
        return max(parameters.queueFloor, perSecond * parameters.queueSeconds)
    }

    @Test("All that a job says was in the traffic or in an outcome: nothing else of the world reaches a policy")
    func truthIsHidden() {
        struct Deriving: DeliveryPolicy {
            var expected: [String: Job] = [:]
            var firsts: [Job] = []
            var surprises = 0

            mutating func action(for job: Job, at now: Timestamp) -> PolicyAction {
                if job.previousAttempts == 0 {
                    firsts.append(job)
                } else if expected[job.notificationID] != job {
                    surprises += 1
                }
                expected[job.notificationID] = job
                return job.previousAttempts < 4 ? .attempt(provider: job.provider, afterMilliseconds: 0) : .giveUp
            }

            mutating func observe(_ outcome: Outcome) {
                guard var next = expected[outcome.notificationID] else {
                    surprises += 1
                    return
                }
                next.previousAttempts += 1
                next.jobID = "\(outcome.notificationID).\(next.previousAttempts)"
                next.provider = outcome.provider
                next.sendTime = outcome.occurredAt
                next.lastStatus = outcome.status
                next.responseCode = outcome.responseCode
                next.latencyMilliseconds = outcome.latencyMilliseconds
                next.lastAttemptAt = outcome.attemptedAt
                expected[outcome.notificationID] = next
            }
        }
        let loop = Self.loop(.default)
        var policy = Deriving()
        _ = loop.run(&policy)
        #expect(policy.surprises == 0)
        // The traffic is that of a world with another truth.
        let other = World(seed: 1, hiddenSeed: 99, notificationsPerSecond: loop.world.notificationsPerSecond)
        let perDay = Double(loop.configuration.notifications) / loop.configuration.days
        var traffic = TrafficGenerator(world: other, pace: .curve(perDay: perDay), start: World.evaluationStart)
        #expect(policy.firsts == (0..<6000).map { _ in traffic.nextJob() })
    }
}
