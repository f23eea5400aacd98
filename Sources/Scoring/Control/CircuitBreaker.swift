/// Cuts off a route that is down, tries it again with a few jobs, and gives it back its load step by step.
///
/// A pure function of the outcomes counted, their order, and the time asked: every scorer that reads the same outcomes has the same
/// breakers. States and transitions (Nygard, *Release It!*, 2007, "Circuit Breaker"):
///
///     closed ──(evidence of an outage)──► open ──(cool-down over)──► half-open ──(probes work)──► closed, ramping up
///                                          ▲                            │
///                                          └──────(probes fail)─────────┘   with twice the cool-down
///
/// **Opening by evidence, not by counts.** A busy route has thousands of outcomes a minute, a quiet one has one; a window with a minimum
/// count is late on the one and blind on the other. So each outcome that says something of the route (`RouteSign`) adds its
/// log-likelihood ratio, outage against ordinary day, to a sum that never falls below 0, and the breaker opens where the sum reaches h:
///
///     S ← max(0, S · 2^(−Δt / half-life) + ln P(outcome | outage) / P(outcome | ordinary day))
///     h = max(openEvidence, ln(outcomes in falseAlarmDays))
///
/// This is Page's CUSUM (Page, "Continuous inspection schemes", Biometrika 1954), which detects soonest in the worst case for a given rate
/// of false alarms (Lorden 1971; Moustakides 1986): of independent outcomes, at least e^h lie between two of them. With failures 5 % of an
/// ordinary day and 90 % of an outage, a failure counts 2.9 and a success −2.3: a route with an outcome a minute is cut off after four
/// failures in a row, one with five a second after six, which it has within two seconds. What is ordinary is learned for each route while
/// it is closed, so a route that always fails one time in ten needs more. The sum fades, so that failures long apart never add up: where
/// hardly anything is sent, nothing needs a breaker.
///
/// Outcomes of one notification are no independent evidence, for its own recipient or content may be the reason: of the last
/// `recentLimit` notifications that failed, each counts once.
///
/// **Half-open.** Wald's sequential test on the outcomes of attempts made since: the breaker closes or opens again where their sum of
/// log-likelihood ratios reaches a bound. The jobs let through are chosen by hash; their share is such that the route's usual rate of
/// outcomes makes `probesPerMinute` of them, all of them where the route is that quiet. An attempt made before the breaker opened says
/// nothing of how the route is since, whenever its outcome comes.
package struct CircuitBreaker: Equatable, Sendable {
    /// What a breaker is at some time.
    ///
    /// Raw values are the words of the log.
    package enum State: String, Codable, CaseIterable, Sendable {
        /// Open to all jobs, or to a growing share of them after it closed.
        case closed
        /// Open to none.
        case open
        /// Open to probes.
        case halfOpen = "half_open"
    }

    /// Notifications whose failure is remembered.
    static let recentLimit = 4
    /// What the usual share of failures is taken for at least and at most, whatever was learned: a route that hardly ever failed is not cut
    /// off for two failures, and one that fails half the time is not healthy.
    static let usualFailureShares = 0.02...0.3
    /// Outcomes that the usual share of failures is worth before any was seen.
    private static let priorOutcomes = 20.0
    /// The usual rate is no more than what was seen would be in this time.
    private static let leastSeconds = 60.0
    /// Most times that a cool-down is doubled; more than any limit allows.
    static let maximumRow = 32

    /// Time of the youngest outcome.
    private(set) var at: Timestamp
    package private(set) var isClosed = true
    /// Evidence of an outage, ≥ 0 nats; 0 unless closed.
    private(set) var outageEvidence = 0.0
    /// Evidence of recovery, in nats; 0 while closed.
    private(set) var recoveryEvidence = 0.0
    /// When it last opened, and how long it stays so, in milliseconds; `nil` before the first time.
    package private(set) var openedAt: Timestamp?
    package private(set) var coolDownMilliseconds: Int64 = 0
    /// When it last closed; `nil` before the first time.
    package private(set) var closedAt: Timestamp?
    /// Openings since the route was last calm, less one: how often the cool-down was doubled.
    package private(set) var row = 0
    private(set) var usual = Usual()
    /// Notifications that failed last, the youngest first.
    private(set) var recentFailures: [UInt64] = []

    /// The route's ordinary days: decayed sums over the time that the breaker was closed.
    struct Usual: Equatable, Codable, Sendable {
        var outcomes = 0.0
        /// Outcomes that say something of the route, and the failures among them.
        var telling = 0.0
        var failures = 0.0
        var seconds = 0.0

        mutating func fade(to remaining: Double) {
            outcomes *= remaining
            telling *= remaining
            failures *= remaining
            seconds *= remaining
        }
    }

    package init(at: Timestamp) {
        self.at = at
    }

    // MARK: Reading

    /// The state at `now`.
    package func state(at now: Timestamp) -> State {
        if isClosed { return .closed }
        return now < halfOpenAt ? .open : .halfOpen
    }

    /// When an open breaker lets the first probes through; meaningless while closed.
    package var halfOpenAt: Timestamp { (openedAt ?? at) + coolDownMilliseconds }

    /// Share of the jobs that the route may be given at `now`, in [0, 1]: 0 while open, the probes' while half-open, then rising in a
    /// straight line over the ramp, 1 after it.
    package func admittedShare(at now: Timestamp, _ parameters: ControlParameters.Breaker) -> Double {
        switch state(at: now) {
        case .open: return 0
        case .halfOpen: return probeShare(parameters)
        case .closed:
            guard let closedAt else { return 1 }
            let elapsed = Double(max(0, now - closedAt)) / 1000
            guard elapsed < parameters.rampSeconds else { return 1 }
            let start = max(parameters.rampStartShare, probeShare(parameters))
            return start + (1 - start) * (elapsed / parameters.rampSeconds)
        }
    }

    /// Whether a job is among the `share` of jobs that go through.
    ///
    /// By hash of the job's id, drawn anew at each opening; who goes through at one share does at every larger one until then.
    package func admits(_ jobID: String, share: Double) -> Bool {
        if share >= 1 { return true }
        if share <= 0 { return false }
        return Lot.unit(jobID, for: .probe, round: UInt64(bitPattern: openedAt?.milliseconds ?? 0)) < share
    }

    /// Share of the jobs that makes `probesPerMinute`, as far as the route's usual rate tells.
    private func probeShare(_ parameters: ControlParameters.Breaker) -> Double {
        let perMinute = usualPerSecond * 60
        return perMinute > parameters.probesPerMinute ? parameters.probesPerMinute / perMinute : 1
    }

    /// Outcomes a second while closed.
    private var usualPerSecond: Double { usual.outcomes / max(usual.seconds, Self.leastSeconds) }

    // MARK: Counting

    /// Counts an outcome; one that is older than the youngest counts as of the youngest's time, with what its age leaves.
    mutating func count(_ outcome: HealthOutcome, _ parameters: ControlParameters.Breaker) {
        let time = max(at, outcome.occurredAt)
        let elapsed = time - at
        at = time
        if isClosed {
            learn(outcome, after: elapsed, parameters)
            watch(outcome, after: elapsed, parameters)
        } else {
            probe(outcome, parameters)
        }
    }

    private mutating func learn(_ outcome: HealthOutcome, after elapsed: Int64, _ parameters: ControlParameters.Breaker) {
        usual.fade(to: Decay.remaining(afterHalfLives: Double(elapsed) / (parameters.usualHalfLifeSeconds * 1000)))
        usual.seconds += Double(elapsed) / 1000
        usual.outcomes += 1
        if outcome.routeSign != .silent { usual.telling += 1 }
        if outcome.routeSign == .fails { usual.failures += 1 }
    }

    /// Closed: whether the route has gone down.
    private mutating func watch(_ outcome: HealthOutcome, after elapsed: Int64, _ parameters: ControlParameters.Breaker) {
        func remaining(_ milliseconds: Int64) -> Double {
            Decay.remaining(afterHalfLives: Double(milliseconds) / (parameters.evidenceHalfLifeSeconds * 1000))
        }
        outageEvidence *= remaining(elapsed)
        // What was attempted before the breaker closed is the outage's last word.
        if let closedAt, outcome.attemptedAt < closedAt { return }
        let ratio = logLikelihoodRatio(of: outcome, parameters) * remaining(at - outcome.occurredAt)
        outageEvidence = max(0, outageEvidence + ratio)
        if outageEvidence >= parameters.openEvidence, outageEvidence >= demandedEvidence(parameters) {
            open(outcome.provider, parameters)
        }
    }

    /// ln of the outcomes that the route usually has between two false alarms, in nats.
    private func demandedEvidence(_ parameters: ControlParameters.Breaker) -> Double {
        Logarithm.natural(max(1, usualPerSecond * 86_400 * parameters.falseAlarmDays))
    }

    /// Open or half-open: whether the route has recovered.
    private mutating func probe(_ outcome: HealthOutcome, _ parameters: ControlParameters.Breaker) {
        switch outcome.routeSign {
        case .silent: return
        case .works: guard outcome.attemptedAt >= openedAt ?? at else { return }
        // Nobody should have attempted anything before the cool-down was over.
        case .fails: guard outcome.attemptedAt >= halfOpenAt else { return }
        }
        recoveryEvidence -= logLikelihoodRatio(of: outcome, parameters)
        if recoveryEvidence >= parameters.closeEvidence {
            close()
        } else if recoveryEvidence <= -parameters.reopenEvidence {
            row = min(row + 1, Self.maximumRow)
            open(outcome.provider, parameters)
        }
    }

    /// ln P(outcome | outage) − ln P(outcome | ordinary day); 0 for what says nothing, or nothing new.
    private mutating func logLikelihoodRatio(of outcome: HealthOutcome, _ parameters: ControlParameters.Breaker) -> Double {
        let learned =
            (usual.failures + Self.priorOutcomes * parameters.usualFailureShare) / (usual.telling + Self.priorOutcomes)
        let usually = min(max(learned, Self.usualFailureShares.lowerBound), Self.usualFailureShares.upperBound)
        let down = parameters.outageFailureShare
        switch outcome.routeSign {
        case .silent: return 0
        case .works: return Logarithm.natural((1 - down) / (1 - usually))
        case .fails:
            guard !recentFailures.contains(outcome.notification) else { return 0 }
            recentFailures.insert(outcome.notification, at: 0)
            if recentFailures.count > Self.recentLimit { recentFailures.removeLast() }
            return Logarithm.natural(down / usually)
        }
    }

    private mutating func open(_ provider: String, _ parameters: ControlParameters.Breaker) {
        if isClosed {
            let isCalm = closedAt.map { Double(at - $0) >= parameters.calmSeconds * 1000 } ?? true
            row = isCalm ? 0 : min(row + 1, Self.maximumRow)
        }
        isClosed = false
        openedAt = at
        outageEvidence = 0
        recoveryEvidence = 0
        recentFailures.removeAll(keepingCapacity: true)
        let doubled = parameters.coolDownSeconds * Double(sign: .plus, exponent: row, significand: 1)
        let lot = Lot.unit(provider, for: .coolDown, round: UInt64(bitPattern: at.milliseconds))
        let seconds = min(doubled, parameters.maximumCoolDownSeconds) * (1 + parameters.coolDownSpread * lot)
        coolDownMilliseconds = Int64(seconds * 1000)
    }

    private mutating func close() {
        isClosed = true
        closedAt = at
        outageEvidence = 0
        recoveryEvidence = 0
        recentFailures.removeAll(keepingCapacity: true)
    }
}

// MARK: Snapshot

extension CircuitBreaker: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case isClosed = "closed"
        case outageEvidence = "outage_evidence"
        case recoveryEvidence = "recovery_evidence"
        case openedAt = "opened_at"
        case coolDownMilliseconds = "cool_down_ms"
        case closedAt = "closed_at"
        case row
        case usual
        case recentFailures = "recent_failures"
    }

    /// What no sequence of outcomes leads to; `nil` for a state that is possible.
    func defect(advancedTo: Timestamp) -> String? {
        let times = [openedAt, closedAt].compactMap { $0 }
        guard at <= advancedTo, times.allSatisfy({ $0 <= at }) else { return "the times of its breaker lie ahead of one another" }
        guard isClosed || openedAt != nil, openedAt != nil || closedAt == nil else { return "its breaker is open but never opened" }
        guard (0...200).contains(outageEvidence), (-200...200).contains(recoveryEvidence) else {
            return "the evidence of its breaker is not from 0 to 200"
        }
        // Twice the longest cool-down of `ControlParameters`.
        guard (0...Self.maximumRow).contains(row), (0...172_800_000).contains(coolDownMilliseconds) else {
            return "the cool-down of its breaker is out of range"
        }
        let sums = [usual.outcomes, usual.telling, usual.failures, usual.seconds]
        guard sums.allSatisfy({ (0...1e20).contains($0) }), usual.telling <= usual.outcomes * (1 + 1e-9),
            usual.failures <= usual.telling * (1 + 1e-9)
        else {
            return "the usual outcomes of its breaker are out of range"
        }
        guard recentFailures.count <= Self.recentLimit else { return "its breaker remembers too many failures" }
        return nil
    }
}
