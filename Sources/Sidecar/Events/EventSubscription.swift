internal import Synchronization

/// One client of the events: what waits for it, bounded, and the wait for more.
final class EventSubscription: Sendable {
    /// Events that wait for a slow reader at most; the oldest go first.
    static let capacity = 1024

    /// What a reader gets at once; nothing in it means that nothing came.
    struct Batch: Sendable {
        var dropped = 0
        /// Why events are missing that nobody can count.
        var gap: String?
        var events: [SidecarEvent] = []
    }

    private struct Storage {
        var buffer = EventBuffer<SidecarEvent>(capacity: EventSubscription.capacity)
        var gap: String?
        var isEnded = false
        var isWoken = false
        var waiter: CheckedContinuation<Void, Never>?

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    let filter: EventFilter
    private let storage = Mutex(Storage())
    private let ended: @Sendable (EventSubscription) -> Void

    /// - Parameter ended: called once when it is gone.
    init(_ filter: EventFilter, ended: @escaping @Sendable (EventSubscription) -> Void) {
        self.filter = filter
        self.ended = ended
    }

    /// Takes an event for the reader; the oldest that waits is lost where too many do.
    func take(_ event: SidecarEvent) {
        guard filter.accepts(event) else { return }
        wake { $0.buffer.append(event) }
    }

    /// Notes that events are missing, nobody knows how many.
    func miss(_ reason: String) {
        wake { $0.gap = reason }
    }

    /// Ends the stream behind what waits.
    func end() {
        let isFirst = storage.withLock { storage in
            defer { storage.isEnded = true }
            return !storage.isEnded
        }
        wake { _ in }
        if isFirst { ended(self) }
    }

    /// Takes out what stands at or before a position: the reader has had it.
    func skip(through position: String) {
        storage.withLock { storage in storage.buffer.keep { $0.position.map { $0 > position } ?? true } }
    }

    private func wake(_ change: (inout Storage) -> Void) {
        let waiter = storage.withLock { storage in
            change(&storage)
            storage.isWoken = true
            return storage.takeWaiter()
        }
        waiter?.resume()
    }

    /// What waits, after waiting for something for `limit` at most; `nil` at the end.
    ///
    /// For one reader at a time; also returns, with nothing, when the task is cancelled.
    func next(within limit: Duration) async -> Batch? {
        let timer = Task {
            do {
                try await Task.sleep(for: limit)
            } catch {
                return
            }
            wake { _ in }
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = storage.withLock { storage in
                    if storage.isWoken || storage.isEnded || !storage.buffer.isEmpty { return true }
                    storage.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake { _ in }
        }
        return storage.withLock { storage in
            storage.isWoken = false
            if storage.isEnded, storage.buffer.isEmpty { return nil }
            let (dropped, events) = storage.buffer.takeAll()
            defer { storage.gap = nil }
            return Batch(dropped: dropped, gap: storage.gap, events: events)
        }
    }
}

/// A client's place among the clients, given back when the answer is over or was never sent.
final class EventLease: Sendable {
    let subscription: EventSubscription

    init(_ subscription: EventSubscription) {
        self.subscription = subscription
    }

    deinit {
        subscription.end()
    }
}
