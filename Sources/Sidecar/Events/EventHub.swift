internal import Broker
package import Scoring

/// Hands every event to every client that wants it; one source of each for all of them.
package final class EventHub: Sendable {
    /// Clients at a time.
    static let clientLimit = 64
    /// How long the reader of the log goes on when the last client has left: one that comes back at once finds it running.
    static let linger = Duration.seconds(5)

    /// What the sidecar depends on.
    package enum Part: String, Sendable, CaseIterable {
        case broker
        case database
    }

    private struct State {
        var clients: [ObjectIdentifier: EventSubscription] = [:]
        /// Clients that want what is stored.
        var stored = 0
        var lastStoredClientAt: MonotonicTime?
        var isStopped = false
        /// Where the log was read to.
        var position: String?
        var health: [Part: Bool] = [:]
        /// The last event of each kind that a new client should see at once.
        var latest: [EventKind: SidecarEvent] = [:]
    }

    private let state = Monitor(State())
    private let now: @Sendable () -> Timestamp

    /// - Parameter now: the wall clock.
    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    // MARK: Clients

    /// Takes a client on.
    ///
    /// Throws `Problem` (overloaded) where there are too many.
    func subscribe(_ filter: EventFilter) throws -> EventLease {
        let subscription = EventSubscription(filter) { [weak self] subscription in self?.remove(subscription) }
        let isTaken = state.update { state in
            guard !state.isStopped, state.clients.count < Self.clientLimit else { return false }
            state.clients[ObjectIdentifier(subscription)] = subscription
            if filter.wantsStored { state.stored += 1 }
            for kind in [EventKind.health, .queues] {
                if let event = state.latest[kind] { subscription.take(event) }
            }
            return true
        }
        guard isTaken else {
            throw Problem(.overloaded, "\(Self.clientLimit) clients follow the events already", retryAfter: 10)
        }
        return EventLease(subscription)
    }

    private func remove(_ subscription: EventSubscription) {
        state.update { state in
            guard state.clients.removeValue(forKey: ObjectIdentifier(subscription)) != nil else { return }
            guard subscription.filter.wantsStored else { return }
            state.stored -= 1
            if state.stored == 0 { state.lastStoredClientAt = .now }
        }
    }

    /// Clients now.
    package var clientCount: Int { state.withLock { $0.clients.count } }

    /// Ends every client's stream, and takes none on any more.
    package func stop() {
        let clients = state.update { state in
            state.isStopped = true
            return Array(state.clients.values)
        }
        for client in clients { client.end() }
    }

    // MARK: Events

    func publish(_ event: SidecarEvent) {
        let clients = state.withLock { state in
            if event.kind == .queues || event.kind == .health { state.latest[event.kind] = event }
            return Array(state.clients.values)
        }
        for client in clients { client.take(event) }
    }

    /// The queues were measured.
    package func publish(_ watch: QueueWatch) throws {
        try report(.broker, isUp: watch.isBrokerUp)
        publish(try SidecarEvent(.queues, QueuesAnswer(watch.figures(), at: now())))
    }

    /// A part came or went; the same again is no news.
    package func report(_ part: Part, isUp: Bool) throws {
        let health = state.withLock { state -> [Part: Bool]? in
            guard state.health.updateValue(isUp, forKey: part) != isUp else { return nil }
            return state.health
        }
        guard let health else { return }
        publish(try SidecarEvent(.health, HealthEvent(at: now(), broker: health[.broker], database: health[.database])))
    }

    /// Whether the database is known to be away.
    var isDatabaseAway: Bool { state.withLock { $0.health[.database] == false } }

    private struct HealthEvent: Encodable {
        var at: Timestamp
        var broker: Bool?
        var database: Bool?

        private enum CodingKeys: String, CodingKey {
            case at
            case broker
            case database
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(at, forKey: .at)
            try container.encode(broker, forKey: .broker)
            try container.encode(database, forKey: .database)
        }
    }

    // MARK: The log

    /// Whether somebody wants what is stored, or did a moment ago.
    private static func wantsLog(_ state: State) -> Bool {
        state.stored > 0 || state.lastStoredClientAt.map { .now - $0 < linger } ?? false
    }

    /// Blocks until somebody wants what is stored; `false` once stopped.
    func awaitClients() -> Bool {
        state.wait { state -> Bool? in
            if state.isStopped { return false }
            return Self.wantsLog(state) ? true : nil
        } ?? false
    }

    /// Whether the log should be read on.
    var readsLog: Bool { state.withLock { !$0.isStopped && Self.wantsLog($0) } }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Blocks for a while, or until stopped.
    func pause(for time: Duration) {
        _ = state.wait(until: .now + time) { $0.isStopped ? true : nil }
    }

    /// Where the log was read to; `nil` while nobody reads it.
    var position: String? {
        get { state.withLock { $0.position } }
        set { state.update { $0.position = newValue } }
    }

    /// Whether whatever is stored from now on comes to the clients.
    package var isFollowingLog: Bool { position != nil }

    /// Says to all who follow the log that events are missing.
    func publishGap(_ reason: String) {
        let clients = state.withLock { Array($0.clients.values) }
        for client in clients where client.filter.wantsStored { client.miss(reason) }
    }

    /// Blocks until the log is read, and says to where; `nil` if that does not come in time.
    func awaitPosition(until deadline: MonotonicTime) -> String? {
        state.wait(until: deadline) { state -> String?? in
            if state.isStopped { return .some(nil) }
            return state.position.map { .some($0) }
        } ?? nil
    }
}
