internal import HeapModule

/// What the outcomes so far say of routes and destinations, forgotten by half-lives of *event* time.
///
/// A value: serving, replay and training advance one of their own through the same outcomes and read the same bits.
///
/// **Order.** An outcome counts from `toleranceMilliseconds` after it occurred, and outcomes count in the order in which they occurred. So
/// whatever arrives within the tolerance may arrive in any order, or twice: decisions come out the same, now and in every replay. One that
/// arrives later counts from its arrival, with the weight that its age leaves it.
///
/// **Memory.** At most `capacity` keys, `pendingLimit` outcomes that wait for their time and `RecentIdentities.limit` names of outcomes. When
/// the keys run out, the eighth of them that has been without an outcome the longest is forgotten and falls back to its parents. Breaker
/// and price are kept for each of at most `FeatureSchema.maximumProviderCount` providers and forgotten with it.
package struct LiveHealth: Sendable {
    /// How much later than it occurred an outcome may arrive without making a difference: five seconds.
    package static let toleranceMilliseconds: Int64 = 5000
    /// Keys by default: 50 providers into every country, with every template.
    package static let defaultCapacity = 16_384
    /// Outcomes that may wait for their time by default; more are not counted.
    package static let defaultPendingLimit = 1 << 18
    /// Older outcomes than this, seen from the youngest, say nothing any more.
    static let oldestMilliseconds: Int64 = 30 * 86_400_000
    /// An outcome this far ahead of all others comes from a wrong clock.
    package static let furthestMilliseconds: Int64 = 86_400_000

    /// What was done with the outcomes so far.
    package struct Counts: Equatable, Sendable, Codable {
        package var counted = 0
        /// Counted, but only from their arrival on.
        package var late = 0
        package var duplicate = 0
        /// Not counted: too old, too far ahead, or too many waiting.
        package var dropped = 0
        /// Keys forgotten for want of memory.
        package var forgotten = 0

        package init() {}
    }

    package private(set) var counts = Counts()
    /// Everything that occurred by then, less the tolerance, has been counted; `nil` before the first `advance`.
    package private(set) var advancedTo: Timestamp?

    /// Of the breakers and prices; a change takes effect with the next outcome that is counted.
    ///
    /// Scorers on one queue agree on breakers and prices as long as they use the same.
    package var control = ControlParameters()

    private let capacity: Int
    private let pendingLimit: Int
    private let furthestMilliseconds: Int64
    /// Everything that occurred by then, less the tolerance, was counted before the snapshot this began with.
    private var restoredTo: Timestamp?
    private(set) var evidence: [HealthKey: HealthEvidence] = [:]
    private(set) var providers: [String: Int] = [:]
    /// By the provider's number; one for each provider with an outcome since breakers are kept.
    private(set) var controls: [Int: RouteControl] = [:]
    /// Numbers below `providers.count` + their own count that no provider has.
    private var freeNumbers: [Int] = []
    private var pending = Heap<HealthOutcome>()
    private var identities = RecentIdentities()

    /// - Parameters:
    ///   - capacity: most keys, at least 8.
    ///   - pendingLimit: most outcomes that wait for their time; a replay, which observes an outcome with its decision, needs more.
    ///   - furthestMilliseconds: how far ahead of the last `advance` an outcome may lie; in a replay, as far as a delay and an answer take.
    package init(
        capacity: Int = LiveHealth.defaultCapacity, pendingLimit: Int = LiveHealth.defaultPendingLimit,
        furthestMilliseconds: Int64 = LiveHealth.furthestMilliseconds
    ) {
        self.capacity = max(8, capacity)
        self.furthestMilliseconds = furthestMilliseconds
        self.pendingLimit = pendingLimit
    }

    /// Keys with evidence.
    package var keyCount: Int { evidence.count }

    /// Takes an outcome; the order does not matter, and neither does a second time.
    ///
    /// - Parameter now: the clock, where it may be far ahead of the last `advance`: after a quiet day an outcome of today is not one of a
    ///   wrong clock.
    package mutating func observe(_ outcome: Outcome, now: Timestamp? = nil) {
        let outcome = HealthOutcome(outcome)
        guard identities.insert(outcome.identity) else {
            counts.duplicate += 1
            return
        }
        if let advancedTo {
            let now = max(advancedTo, now ?? advancedTo)
            guard outcome.occurredAt > now + -Self.oldestMilliseconds, outcome.occurredAt < now + furthestMilliseconds else {
                counts.dropped += 1
                return
            }
            if let restoredTo, outcome.visibleAt <= restoredTo {
                counts.duplicate += 1
                return
            }
            if outcome.visibleAt <= advancedTo {
                counts.late += 1
                return count(outcome)
            }
        }
        guard pending.count < pendingLimit else {
            counts.dropped += 1
            return
        }
        pending.insert(outcome)
    }

    /// Counts every outcome whose time has come.
    ///
    /// - Parameter now: the time of the next decision; one before the last is taken for the last.
    package mutating func advance(to now: Timestamp) {
        let now = max(now, advancedTo ?? now)
        while let next = pending.min, next.visibleAt <= now {
            pending.removeMin()
            count(next)
        }
        advancedTo = now
    }

    private mutating func count(_ outcome: HealthOutcome) {
        let provider = number(of: outcome.provider)
        counts.counted += 1
        controls[provider, default: RouteControl(at: outcome.occurredAt)].count(outcome, control)
        add(outcome, to: .provider(provider))
        add(outcome, to: .provider(provider, into: outcome.country))
        add(outcome, to: .provider(provider, with: outcome.template))
        add(outcome, to: .channel(outcome.channel, into: outcome.country))
    }

    private mutating func number(of provider: String) -> Int {
        if let number = providers[provider] { return number }
        if providers.count >= FeatureSchema.maximumProviderCount { forgetProviders() }
        let number = freeNumbers.popLast() ?? providers.count
        providers[provider] = number
        return number
    }

    /// Gives back the numbers of the eighth of the providers that have been without an outcome the longest, with all their evidence.
    private mutating func forgetProviders() {
        func lastOutcome(_ provider: Int) -> Int64 { evidence[.provider(provider)]?.at.milliseconds ?? .min }
        let byAge = providers.sorted { (lastOutcome($0.value), $0.key) < (lastOutcome($1.value), $1.key) }
        var gone: Set<Int> = []
        for (name, number) in byAge.prefix(max(1, byAge.count / 8)) {
            providers[name] = nil
            controls[number] = nil
            gone.insert(number)
        }
        freeNumbers += gone.sorted(by: >)
        let before = evidence.count
        evidence = evidence.filter { $0.key.scope == .channelCountry || !gone.contains($0.key.first) }
        counts.forgotten += before - evidence.count
    }

    private mutating func add(_ outcome: HealthOutcome, to key: HealthKey) {
        if evidence[key] == nil, evidence.count >= capacity { forget() }
        evidence[key, default: HealthEvidence(at: outcome.occurredAt)].add(outcome)
    }

    /// Makes room for an eighth of the capacity at once, so that the search for the oldest is paid seldom.
    private mutating func forget() {
        // By age, then by key: the same keys go in every process.
        let byAge = evidence.map { (at: $0.value.at, key: $0.key) }.sorted { ($0.at, $0.key) < ($1.at, $1.key) }
        for entry in byAge.prefix(max(1, capacity / 8)) {
            evidence[entry.key] = nil
            counts.forgotten += 1
        }
    }

    // MARK: Reading

    /// Health of a provider at `now`, of its way into a country and with a template, each falling back to the provider's.
    package func route(_ provider: String, into country: CountryCode, with template: TemplateType, at now: Timestamp) -> RouteHealth {
        guard let number = providers[provider], let whole = evidence[.provider(number)]?.reading(at: now) else { return RouteHealth() }
        return RouteHealth(
            provider: whole,
            providerCountry: evidence[.provider(number, into: country)]?.reading(at: now) ?? whole.inherited,
            providerTemplate: evidence[.provider(number, with: template)]?.reading(at: now) ?? whole.inherited)
    }

    /// Breaker and price of a provider, to be read at a time; `nil` where nothing is known of it.
    package func control(of provider: String) -> RouteControl? {
        providers[provider].flatMap { controls[$0] }
    }

    /// The state of the breaker of every provider that has one, at the time of the last `advance`; in no order.
    package var breakers: [(provider: String, state: CircuitBreaker.State)] {
        guard let advancedTo else { return [] }
        return providers.compactMap { name, number in controls[number].map { (name, $0.breaker.state(at: advancedTo)) } }
    }

    /// Health of a destination at `now`.
    package func destination(_ channel: Channel, into country: CountryCode, at now: Timestamp) -> HealthReading {
        evidence[.channel(channel, into: country)]?.reading(at: now) ?? .unknown
    }
}

/// The three readings that belong to one route of one job.
package struct RouteHealth: Equatable, Sendable {
    package var provider = HealthReading.unknown
    package var providerCountry = HealthReading.unknown
    package var providerTemplate = HealthReading.unknown
}

// MARK: Snapshot

extension LiveHealth {
    /// Everything that has been counted, to be restored by `init(snapshot:)`.
    ///
    /// What was still waiting is not in it: a reader that starts again `toleranceMilliseconds` before `advancedTo` observes it anew.
    package func snapshot() -> HealthSnapshot {
        var names = [String](repeating: "", count: providers.count + freeNumbers.count)
        for (name, number) in providers { names[number] = name }
        return HealthSnapshot(
            advancedTo: advancedTo ?? Timestamp(milliseconds: 0), providers: names,
            keys: evidence.sorted { $0.key < $1.key }.map { HealthSnapshot.Key(key: $0.key.packed, evidence: $0.value) },
            routes: controls.sorted { $0.key < $1.key }.map { HealthSnapshot.Route(provider: $0.key, control: $0.value) })
    }

    /// Continues from a snapshot; outcomes that it has counted are not counted again.
    ///
    /// Throws `HealthSnapshot.Defect` where the snapshot is not one that `snapshot()` makes.
    package init(snapshot: HealthSnapshot, capacity: Int = LiveHealth.defaultCapacity) throws(HealthSnapshot.Defect) {
        try snapshot.validate()
        self.init(capacity: capacity)
        for (number, name) in snapshot.providers.enumerated() {
            if name.isEmpty { freeNumbers.append(number) } else { providers[name] = number }
        }
        for key in snapshot.keys.sorted(by: { $0.evidence.at > $1.evidence.at }).prefix(self.capacity) {
            evidence[HealthKey(packed: key.key)] = key.evidence
        }
        for route in snapshot.routes { controls[route.provider] = route.control }
        advancedTo = snapshot.advancedTo
        restoredTo = snapshot.advancedTo
    }
}
