/// What one scoring loop remembers of its own decisions: retry budgets, rates of dispatch, the scale of priorities; with what the outcomes
/// say of the routes it makes the conditions of each decision.
///
/// One for each scoring loop, used from its thread only. It begins with full budgets and fixed thresholds at each start: what it knows is
/// of the last minutes. A clock that is set back sets all of it back with it: nothing is given, and nothing waits until the clock has
/// caught up; one that is set forward gives no more than a full budget. Several scorers on a queue keep their own, each for its share of
/// the jobs. Bounded by `RouteNumbers.limit` routes.
package struct PolicyControl: Sendable {
    /// A half-open route that got no probe for so many times the interval between two takes the next job that is fit for one.
    private static let overdueProbeIntervals = 4.0
    /// Most that an urgent job may then lose as a probe, as a share of the value at stake.
    private static let firstOverdueProbeLoss = 0.01
    /// A job that expires within this time is never a probe: it goes through no half-open route.
    private static let probeMinimumRemainingMilliseconds: Int64 = 120_000

    package let parameters: ControlParameters
    private var numbers = RouteNumbers()
    private var budget: RetryBudget
    private var rate: RouteRate
    private var scale: PriorityScale
    /// What this scorer sends through half-open routes, by their numbers: a quiet route's share of all jobs is many jobs.
    private var probes: [Probes?] = []
    /// What the outcomes say of each route, by its number, as of the last time it was asked.
    private var readings: [Reading] = []
    /// Without evidence.
    private let fixed: PriorityScale.Thresholds
    private var boundary: PriorityScale.Boundary
    private var boundaryAt: Timestamp?
    /// The time of the last question or decision.
    private var latest: Timestamp?

    private struct Probes {
        var bucket = TokenBucket(tokens: 1)
        /// Time of the last one.
        var at: Timestamp

        mutating func setBack(by milliseconds: Int64) {
            bucket.setBack(by: milliseconds)
            at = at + -milliseconds
        }
    }

    /// What the outcomes say of a route; read once for all jobs that are decided at a time.
    private struct Reading {
        /// Of the health that was read; together they change whenever anything of a breaker or price does.
        var at: Timestamp
        var counted: Int
        var breaker: CircuitBreaker?
        var state = CircuitBreaker.State.closed
        var admittedShare = 1.0
        var closedForMilliseconds: Int64 = 0
        var pricePoints = 0.0
        /// Dispatches a second that this scorer may make; `nil` = without limit.
        var perSecond: Double?
    }

    /// - Parameter policy: of which the fixed thresholds of priority are taken.
    package init(_ parameters: ControlParameters = ControlParameters(), policy: PolicyParameters = PolicyParameters()) {
        self.parameters = parameters
        budget = RetryBudget(parameters.retryBudget)
        rate = RouteRate(parameters.rate)
        fixed = PriorityScale.Thresholds(high: policy.highPriorityLossPerSecond, low: policy.lowPriorityLossPerSecond)
        boundary = PriorityScale.Boundary(thresholds: fixed, tiesFrom: fixed.high, tieShare: 0)
        scale = PriorityScale(parameters.priority, fixed: fixed)
    }

    package init(of policy: PolicyParameters) {
        self.init(policy.control, policy: policy)
    }

    /// Goes by another policy from now on, and then begins anew; by the same one, nothing changes.
    package mutating func follow(_ policy: PolicyParameters) {
        let thresholds = PriorityScale.Thresholds(high: policy.highPriorityLossPerSecond, low: policy.lowPriorityLossPerSecond)
        guard policy.control != parameters || thresholds != fixed else { return }
        self = PolicyControl(of: policy)
    }

    // MARK: Reading

    /// The conditions under which a job is decided at `now`.
    ///
    /// - Parameter health: advanced to `now`, with this control's parameters.
    package mutating func conditions(for job: Job, health: borrowing LiveHealth, at now: Timestamp) -> DecisionConditions {
        var conditions = DecisionConditions(routes: [], hasRetryBudget: true, priority: fixed)
        readConditions(for: job, health: health, at: now, into: &conditions)
        return conditions
    }

    /// The same into a value whose memory is used again.
    package mutating func readConditions(
        for job: Job, health: borrowing LiveHealth, at now: Timestamp, into conditions: inout DecisionConditions
    ) {
        follow(clock: now)
        conditions.routes.removeAll(keepingCapacity: true)
        for provider in job.providers {
            conditions.routes.append(route(provider, for: job, health: health, at: now))
        }
        conditions.hasRetryBudget = budget.canRetry(at: now)
        if boundaryAt != now {
            boundary = scale.boundary(at: now)
            boundaryAt = now
        }
        conditions.priority = boundary.thresholds(for: job.jobID)
    }

    private mutating func route(
        _ provider: String, for job: Job, health: borrowing LiveHealth, at now: Timestamp
    ) -> DecisionConditions.Route {
        let number = number(of: provider)
        if readings[number].at != now || readings[number].counted != health.counts.counted {
            readings[number] = reading(of: provider, health: health, at: now)
        }
        var route = DecisionConditions.Route()
        route.breaker = readings[number].state
        route.admittedShare = readings[number].admittedShare
        // Most breakers let everybody through, and nothing need be drawn.
        if route.admittedShare < 1 { route.isAdmitted = readings[number].breaker?.admits(job.jobID, share: route.admittedShare) ?? true }
        if route.breaker == .halfOpen {
            if !hasProbe(number, at: now) || expiresSoon(job, at: now) {
                route.isAdmitted = false
            } else if let loss = overdueProbeLoss(number, at: now) {
                // Whoever comes next: the jobs that were to be drawn have not come.
                (route.admittedShare, route.isAdmitted, route.overdueProbeLoss) = (1, true, loss)
            }
        }
        route.closedForMilliseconds = readings[number].closedForMilliseconds
        route.pricePoints = readings[number].pricePoints
        route.hasRetryBudget = budget.canRetry(route: number, at: now)
        route.freeInMilliseconds = rate.delayUntilFree(route: number, perSecond: readings[number].perSecond, at: now)
        return route
    }

    private func reading(of provider: String, health: borrowing LiveHealth, at now: Timestamp) -> Reading {
        var reading = Reading(at: now, counted: health.counts.counted)
        guard let control = health.control(of: provider) else {
            reading.perSecond = rate.allowed(provider, learned: nil)
            return reading
        }
        reading.breaker = control.breaker
        reading.state = control.breaker.state(at: now)
        reading.admittedShare = control.breaker.admittedShare(at: now, parameters.breaker)
        if reading.state == .open { reading.closedForMilliseconds = control.breaker.halfOpenAt - now }
        reading.pricePoints = control.price.points(at: now, parameters.price)
        reading.perSecond = rate.allowed(provider, learned: control.price.capacityPerSecond(at: now, parameters.price))
        return reading
    }

    /// The effective loss of a job: `loss` points a second, with what waiting since `send_time` adds.
    package func agedLoss(_ loss: Double, of job: Job, at now: Timestamp) -> Double {
        scale.aged(loss, dueAt: job.sendTime, now: now)
    }

    // MARK: Noting

    /// Remembers a decision, which the decisions after it depend on.
    ///
    /// - Parameters:
    ///   - agedLoss: see `agedLoss(_:of:at:)`; `nil` for a job that has no priority because it is given up.
    package mutating func note(
        _ kind: DecisionKind, of job: Job, through provider: String, agedLoss: Double?, at now: Timestamp
    ) {
        follow(clock: now)
        if let agedLoss { scale.note(agedLoss, at: now) }
        // A job that waits is decided again when it comes back: only what goes out now is load.
        guard kind == .dispatch else { return }
        let number = number(of: provider)
        if job.previousAttempts == 0 {
            budget.noteFirstAttempt(route: number, at: now)
        } else {
            budget.noteRetry(route: number, at: now)
        }
        rate.note(route: number, perSecond: readings[number].perSecond, at: now)
        if readings[number].state == .halfOpen { noteProbe(number, at: now) }
    }

    private mutating func follow(clock now: Timestamp) {
        if let latest, now < latest {
            let milliseconds = latest - now
            budget.setBack(by: milliseconds)
            rate.setBack(by: milliseconds)
            scale.setBack(by: milliseconds)
            for route in probes.indices { probes[route]?.setBack(by: milliseconds) }
        }
        latest = now
    }

    private var probesPerSecond: Double { parameters.breaker.probesPerMinute * parameters.rate.ownShare / 60 }

    private func hasProbe(_ number: Int, at now: Timestamp) -> Bool {
        guard number < probes.count, let bucket = probes[number]?.bucket else { return true }
        return bucket.hasToken(at: now, perSecond: probesPerSecond, depth: 1)
    }

    /// Whether a job has no time for a probe that fails.
    private func expiresSoon(_ job: Job, at now: Timestamp) -> Bool {
        job.expiresAt.map { $0 - now < Self.probeMinimumRemainingMilliseconds } ?? false
    }

    /// What an urgent job may lose as a probe of a half-open route, as a share of the value at stake; `nil` while no probe is overdue.
    ///
    /// Doubled for each further `overdueProbeIntervals` since the route became half-open: a loss of any size is tolerated in the end, so that
    /// the route returns whatever the jobs are, and by then those that lose less have had their turn.
    private func overdueProbeLoss(_ number: Int, at now: Timestamp) -> Double? {
        guard let breaker = readings[number].breaker else { return nil }
        let span = Self.overdueProbeIntervals / probesPerSecond * 1000
        let probedAt = number < probes.count ? probes[number]?.at : nil
        guard Double(now - max(probedAt ?? breaker.halfOpenAt, breaker.halfOpenAt)) >= span else { return nil }
        let spans = (Double(now - breaker.halfOpenAt) / span).rounded(.down)
        // Beyond 64 doublings it is all of it long since.
        return min(1, Self.firstOverdueProbeLoss * Double(sign: .plus, exponent: Int(min(spans, 64)) - 1, significand: 1))
    }

    private mutating func noteProbe(_ number: Int, at now: Timestamp) {
        while probes.count <= number { probes.append(nil) }
        var noted = probes[number] ?? Probes(at: now)
        noted.bucket.add(-1, at: now, perSecond: probesPerSecond, depth: 1)
        noted.at = now
        probes[number] = noted
    }

    /// The provider's number; what was kept under it for another provider is forgotten.
    private mutating func number(of provider: String) -> Int {
        let (number, isNew) = numbers.number(of: provider)
        guard isNew else { return number }
        budget.reset(route: number)
        rate.reset(route: number)
        if number < probes.count { probes[number] = nil }
        // No decision was ever made at that time, so the first job reads.
        let unread = Reading(at: Timestamp(milliseconds: .min), counted: -1)
        if number < readings.count { readings[number] = unread } else { readings.append(unread) }
        return number
    }
}
