import Scoring
import Testing
import World

@Suite("Truth")
struct TruthTests {
    /// Rows of the default dataset with their truth.
    private static let rows: [LoggedAttempt] = {
        var log = AttemptLog(world: World(seed: 11))
        return (0..<60_000).map { _ in log.next() }
    }()

    @Test("The oracle is right: attempts succeed as often as it says, in every bin and group")
    func calibrated() {
        var groups: [String: (count: Int, delivered: Double, expected: Double, variance: Double)] = [:]
        for row in Self.rows {
            let truth = row.trueProbability
            #expect((0...1).contains(truth))
            let names = [
                "bin \(min(19, Int(truth * 20)))", row.pending.channel.rawValue, row.pending.template.rawValue,
                "attempt \(row.pending.previousAttempts)", "provider \(row.choice.provider)", "delay \(row.choice.delayMilliseconds)",
                "country \(row.pending.country)", row.choice.part.rawValue,
            ]
            for name in names {
                var group = groups[name] ?? (0, 0, 0, 0)
                group.count += 1
                group.delivered += row.result?.isDelivered == true ? 1 : 0
                group.expected += truth
                group.variance += truth * (1 - truth)
                groups[name] = group
            }
        }
        for (name, group) in groups where group.count >= 200 {
            // Chance, and a hundredth for what neighbouring attempts share (an incident ends for all at once).
            let bound = 4 * group.variance.squareRoot() + 0.01 * Double(group.count)
            #expect(abs(group.delivered - group.expected) < bound, "\(name): \(group)")
        }
    }

    @Test("The oracle is right in every scenario, through outages and overload", arguments: Scenario.allCases)
    func calibratedInScenarios(scenario: Scenario) {
        let world = World(seed: 12, scenario: scenario, notificationsPerSecond: 0.3)
        var log = AttemptLog(world: world, start: World.evaluationStart)
        var truths = KnownTruths(world: world)
        for _ in 0..<60_000 { truths.add(log.next()) }
        // How long a wave lasts is not in the hidden state, so overload is foreseen only roughly.
        #expect(truths.bayes().calibrationError < (scenario == .overload ? 0.025 : 0.01))
    }

    @Test("Another hidden state gives other outcomes, and changes no field of a first attempt")
    func firstAttemptsShowNothing() {
        let worlds = [1, 2].map { World(seed: 5, hiddenSeed: $0) }
        var traffic = worlds.map { TrafficGenerator(world: $0, pace: .curve(perDay: 50_000), start: WorldParameters.epoch) }
        var differing = 0
        for _ in 0..<3000 {
            let jobs = traffic.indices.map { traffic[$0].nextJob() }
            #expect(jobs[0] == jobs[1])
            let statuses = zip(worlds, jobs).map { world, job in
                var loads = ProviderLoads()
                return world.attempt(job, through: job.provider, at: job.sendTime, loads: &loads).status
            }
            differing += statuses[0] == statuses[1] ? 0 : 1
        }
        #expect(differing > 300)
    }

    @Test("The logging policy chooses the same for first attempts whatever the hidden state")
    func loggingPolicySeesNothing() {
        var logs = [1, 2].map { AttemptLog(world: World(seed: 5, hiddenSeed: $0), withTruth: false) }
        let choices = logs.indices.map { index in
            var chosen: [String] = []
            while chosen.count < 2000 {
                let row = logs[index].next()
                guard row.pending.previousAttempts == 0 else { continue }
                chosen.append("\(row.sendTime.milliseconds) \(row.choice)")
            }
            return chosen
        }
        #expect(choices[0] == choices[1])
    }

    @Test("The next job and the outcome depend on what the caller saw, not on the truth")
    func nextAttemptShowsNothing() throws {
        let world = World(seed: 5)
        let job = try #require(Samples.jobs(in: world, channel: .email, count: 1).first)
        let seen = AttemptResult(
            status: .softBounce, responseCode: 451, latencyMilliseconds: 700, trueProbability: 0.1, cause: .hostFault)
        var other = seen
        other.trueProbability = 0.9
        other.cause = .greylisting
        let time = job.sendTime + 1000
        #expect(
            world.nextAttempt(of: job, through: "em-b", at: time, result: seen)
                == world.nextAttempt(of: job, through: "em-b", at: time, result: other))
        #expect(
            world.outcome(of: job, through: "em-b", at: time, result: seen)
                == world.outcome(of: job, through: "em-b", at: time, result: other))
        let next = try #require(world.nextAttempt(of: job, through: "em-b", at: time, result: seen))
        #expect(next.jobID == job.notificationID + ".1")
        #expect(next.provider == "em-b" && next.lastAttemptAt == time && next.sendTime == time + 700)
        #expect(next.previousAttempts == 1 && next.lastStatus == .softBounce && next.responseCode == 451)
    }

    @Test("Two processes with the same seed agree; queues are all they would have to share")
    func processesAgree() {
        let first = World(seed: 9, scenario: .holiday)
        let second = World(seed: 9, scenario: .holiday)
        for job in Samples.jobs(in: first, channel: .push, count: 500) {
            var loads = (ProviderLoads(), ProviderLoads())
            let results = (
                first.attempt(job, through: "pu-b", at: job.sendTime, loads: &loads.0),
                second.attempt(job, through: "pu-b", at: job.sendTime, loads: &loads.1)
            )
            #expect(results.0 == results.1)
        }
    }

    @Test("A job carries enough: its last failure is found again in the hidden state")
    func jobsResume() {
        let world = World(seed: 4)
        var retries = 0
        var expected = 0.0
        var delivered = 0
        for channel in Channel.allCases {
            for job in Samples.jobs(in: world, channel: channel, count: 4000) {
                var loads = ProviderLoads()
                let time = job.sendTime
                let result = world.attempt(job, through: job.provider, at: time, loads: &loads)
                guard let next = world.nextAttempt(of: job, through: job.provider, at: time, result: result) else { continue }
                var quiet = ProviderLoads()
                let again = world.attempt(next, through: next.provider, at: next.sendTime + 120_000, loads: &quiet)
                retries += 1
                expected += again.trueProbability
                delivered += again.isDelivered ? 1 : 0
            }
        }
        #expect(retries > 1500)
        #expect(isNear(delivered, of: retries, expected: expected / Double(retries)))
    }

    @Test("A provider or country that the world does not have rejects the job")
    func strangers() throws {
        let world = World(seed: 1)
        var job = try #require(Samples.jobs(in: world, channel: .sms, count: 1).first)
        var loads = ProviderLoads()
        for provider in ["nobody", "em-a"] {
            let result = world.attempt(job, through: provider, at: job.sendTime, loads: &loads)
            #expect(result.status == .rejected && result.cause == .unknownRoute && result.trueProbability == 0)
        }
        job.recipientCountry = try #require(CountryCode("CH"))
        #expect(world.attempt(job, through: "sm-a", at: job.sendTime, loads: &loads).status == .rejected)
        #expect(world.trueProbability(of: job, through: "sm-a", at: job.sendTime, seenFrom: job.sendTime, loads: loads) == 0)
    }
}
