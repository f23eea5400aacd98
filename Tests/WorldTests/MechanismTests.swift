import Scoring
import Testing
import World

/// Each mechanism does what its documentation says, seen from outside.
@Suite("Mechanisms")
struct MechanismTests {
    private static let rows: [LoggedAttempt] = {
        var log = AttemptLog(world: World(seed: 21), withTruth: false)
        return (0..<120_000).map { _ in log.next() }
    }()

    /// Share of `rows` that satisfy `condition`; needs some rows.
    private func share(of rows: [LoggedAttempt], _ condition: (LoggedAttempt) -> Bool) -> Double {
        #expect(rows.count > 100)
        return Double(rows.count(where: condition)) / Double(max(1, rows.count))
    }

    private func retries(after cause: FailureCause, delay: Int64, sameRoute: Bool) -> [LoggedAttempt] {
        var lastCauses: [UInt64: (cause: FailureCause?, provider: Int)] = [:]
        var found: [LoggedAttempt] = []
        for row in Self.rows {
            if let last = lastCauses[row.new.number], last.cause == cause, row.choice.delayMilliseconds == delay,
                (last.provider == row.choice.provider) == sameRoute
            {
                found.append(row)
            }
            lastCauses[row.new.number] = (row.result?.cause, row.choice.provider)
        }
        return found
    }

    @Test("A route fault is met again at once, gone after an hour, and not on another route")
    func routeFaults() {
        let isFaulty = { (row: LoggedAttempt) in row.result?.cause == .routeFault }
        #expect(share(of: retries(after: .routeFault, delay: 0, sameRoute: true), isFaulty) > 0.8)
        let minute = share(of: retries(after: .routeFault, delay: 60_000, sameRoute: true), isFaulty)
        #expect(minute > 0.35 && minute < 0.85)
        #expect(share(of: retries(after: .routeFault, delay: 900_000, sameRoute: true), isFaulty) < 0.3)
        #expect(share(of: retries(after: .routeFault, delay: 60_000, sameRoute: false), isFaulty) < 0.2)
    }

    @Test("A greylisting host fails an early retry and passes a late one")
    func greylisting() {
        let isHeld = { (row: LoggedAttempt) in row.result?.cause == .greylisting }
        #expect(share(of: retries(after: .greylisting, delay: 60_000, sameRoute: true), isHeld) > 0.7)
        #expect(share(of: retries(after: .greylisting, delay: 900_000, sameRoute: true), isHeld) < 0.25)
    }

    @Test("Invalid and blocked addresses never work, on any route, at any time")
    func permanentFailures() {
        let world = World(seed: 21)
        var bad: Set<String> = []
        for channel in Channel.allCases {
            for job in Samples.jobs(in: world, channel: channel, count: 3000) {
                var loads = ProviderLoads()
                let result = world.attempt(job, through: job.provider, at: job.sendTime, loads: &loads)
                guard result.cause == .invalidAddress || result.cause == .blockedByRecipient else { continue }
                bad.insert(job.recipient ?? "")
                for provider in job.providers {
                    for hours in [0, 1, 30, 400] as [Int64] {
                        let time = job.sendTime + hours * 3_600_000
                        #expect(!world.attempt(job, through: provider, at: time, loads: &loads).isDelivered)
                        let truth = world.trueProbability(of: job, through: provider, at: time, seenFrom: job.sendTime, loads: loads)
                        #expect(truth == 0)
                    }
                }
            }
        }
        #expect(bad.count > 30)
    }

    @Test("Some recipients are written to often, so that a bad address shows again and again")
    func correlatedRecipients() {
        var failures: [UInt64: Set<UInt64>] = [:]
        for row in Self.rows where row.result?.cause == .invalidAddress {
            failures[row.new.recipient, default: []].insert(row.new.number)
        }
        #expect(failures.values.contains { $0.count >= 3 })
    }

    @Test("Devices are out of reach at night, and providers wait for them")
    func offlineByLocalHour() {
        func share(hours: ClosedRange<Int>) -> Double {
            self.share(
                of: Self.rows.filter { row in
                    let time = row.sendTime + row.choice.delayMilliseconds
                    let hour = WorldParameters.countries[row.pending.country].localMinuteOfWeek(at: time) / 60 % 24
                    return row.pending.channel == .push && row.pending.previousAttempts == 0 && hours.contains(hour)
                }
            ) { $0.result?.cause == .offline }
        }
        #expect(share(hours: 1...4) > 2.5 * share(hours: 10...18))
        let waited = Self.rows.count { $0.result?.isDelivered == true && ($0.result?.latencyMilliseconds ?? 0) > 30_000 }
        #expect(waited > 50)
    }

    @Test("Payloads beyond a route's limit are refused there, and only there")
    func payloadLimits() throws {
        let world = World(seed: 2)
        var job = try #require(Samples.jobs(in: world, channel: .push, count: 1).first)
        job.payloadSize = 3000
        var loads = ProviderLoads()
        #expect(world.attempt(job, through: "pu-c", at: job.sendTime, loads: &loads).cause == .payloadTooLarge)
        #expect(world.attempt(job, through: "pu-a", at: job.sendTime, loads: &loads).cause != .payloadTooLarge)
        job.payloadSize = 4097
        let result = world.attempt(job, through: "pu-a", at: job.sendTime, loads: &loads)
        #expect(result.status == .rejected && result.responseCode == 413)
    }

    @Test("Carriers filter by country and template, mail filters by template")
    func filters() {
        func carrier(_ codes: Set<String>, _ template: TemplateType) -> Double {
            let chosen = Self.rows.filter { row in
                row.pending.channel == .sms && row.pending.template == template && row.pending.previousAttempts == 0
                    && codes.contains(WorldParameters.countries[row.pending.country].code.description)
            }
            return share(of: chosen) { $0.result?.cause == .carrierFilter }
        }
        let strict: Set = ["US", "IN", "TR", "AE"]
        let lax: Set = ["DE", "NL", "SE", "JP", "GB", "ES"]
        #expect(carrier(strict, .marketing) > 1.5 * carrier(lax, .marketing))
        #expect(carrier(strict, .marketing) > 3 * carrier(strict, .otp))
        func spam(_ template: TemplateType) -> Double {
            share(of: Self.rows.filter { $0.pending.channel == .email && $0.pending.template == template }) {
                $0.result?.cause == .spamFilter
            }
        }
        #expect(spam(.marketing) > 3 * spam(.transactional))
    }

    @Test("The same code means different things: 550 is permanent for some and passes for others")
    func ambiguousCodes() {
        let causes = Set(Self.rows.filter { $0.result?.responseCode == 550 }.compactMap { $0.result?.cause })
        #expect(causes.isSuperset(of: [.invalidAddress, .frequencyLimit, .spamFilter, .overCapacity]))
        let rejected = Set(Self.rows.filter { $0.result?.responseCode == 400 }.compactMap { $0.result?.cause })
        #expect(rejected.isSuperset(of: [.spamFilter, .routeFault, .frequencyLimit]))
    }

    @Test("Codes are those of the channel's protocol, and success has its own")
    func codes() {
        let smtp: Set = [250, 421, 450, 451, 452, 550, 552, 554]
        let http: Set = [200, 400, 404, 410, 413, 429, 500, 503]
        var seen: Set<Int> = []
        for row in Self.rows {
            guard let result = row.result, let code = result.responseCode else { continue }
            seen.insert(code)
            #expect((row.pending.channel == .email ? smtp : http).contains(code))
            if result.isDelivered { #expect(code == 250 || code == 200) }
        }
        #expect(seen == smtp.union(http))
    }

    @Test("Retry delays matter: at once mostly fails again, later mostly works")
    func retryDelays() {
        func success(_ delay: Int64) -> Double {
            share(of: Self.rows.filter { $0.pending.previousAttempts > 0 && $0.choice.delayMilliseconds == delay }) {
                $0.result?.isDelivered == true
            }
        }
        #expect(success(0) < 0.2)
        #expect(success(60_000) > success(0) + 0.08)
        #expect(success(900_000) > success(60_000) + 0.1)
        #expect(success(3_600_000) > success(900_000))
    }

    @Test("Quality differs by provider and country, and one provider changes for the worse on the set day")
    func abruptChange() {
        let change = WorldParameters().abruptChange
        func faults(after: Bool) -> Double {
            share(
                of: Self.rows.filter { row in
                    WorldParameters.providers[row.choice.provider].name == change.provider && row.pending.previousAttempts == 0
                        && (row.sendTime > change.at) == after
                }
            ) { $0.result?.cause == .routeFault }
        }
        #expect(faults(after: true) > faults(after: false) + 0.04)
    }

    @Test("25 countries and nine providers with different names, three a channel, whose shares sum to one")
    func structure() {
        #expect(Set(WorldParameters.countries.map(\.code)).count == 25)
        #expect(Set(WorldParameters.providers.map(\.name)).count == 9)
        for channel in Channel.allCases {
            let providers = WorldParameters.providers.filter { $0.channel == channel }
            #expect(providers.count == 3)
            #expect(abs(providers.reduce(0) { $0 + $1.share } - 1) < 1e-12)
        }
    }
}
