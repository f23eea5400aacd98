package import Logging

/// Reads a queue or a stream in batches on a connection and a thread of its own, and settles what was handed out.
///
/// It reconnects by itself, for ever, with jittered waits, also when the queue does not exist yet. Settlements of a lost
/// connection are dropped, since the broker has requeued their messages.
///
/// A stream (`ConsumerConfiguration.stream`) keeps its messages: settling one only asks for more. Within the consumer's life each
/// is handed out once, in the order of the offsets and without a gap, whatever happens to connections. A stream that was deleted and
/// declared again is read as a new one, if that happens under a connected consumer, or if it ends before what was handed out.
package final class Consumer: Sendable {
    /// What callers and the connection's thread share.
    struct Shared {
        var state = ConsumerState()
        var ready: [DeliveryBatch] = []
        var verdicts: [(tag: DeliveryTag, verdict: DeliveryLedger.Verdict)] = []
        var wantsStop = false
        var wantsClose = false
        /// The thread waits for its socket: signal it.
        var sleeps = false
        /// The thread holds back an incomplete batch because `ready` was not empty.
        var holdsBatch = false
        var thread: DedicatedThread?
    }

    let configuration: ConsumerConfiguration
    let logger: Logger
    let shared: Monitor<Shared>
    let wakeup: Wakeup

    /// Validates the configuration; connects only in `start`.
    package init(_ configuration: ConsumerConfiguration, logger: Logger) throws(BrokerError) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        shared = Monitor(Shared())
        wakeup = try Wakeup()
    }

    /// Starts the thread; it connects in the background.
    ///
    /// Once.
    package func start() throws(BrokerError) {
        let thread = try DedicatedThread(name: "herald-consume") { [self] in
            ConsumerLoop(self).run()
        }
        shared.withLock { $0.thread = thread }
    }

    /// The next batch; blocks until there is one.
    ///
    /// Nil after `stop` or `close`.
    ///
    /// For a dedicated thread, never the cooperative pool.
    package func next() -> DeliveryBatch? {
        let (batch, wakes) =
            shared.wait { shared -> (DeliveryBatch?, Bool)? in
                if shared.wantsStop || shared.wantsClose { return (nil, false) }
                guard !shared.ready.isEmpty else { return nil }
                let batch = shared.ready.removeFirst()
                shared.state.handedOut += batch.deliveries.count
                if configuration.stream != nil { shared.state.streamOffset = batch.deliveries.last?.streamOffset }
                let wakes = shared.holdsBatch && shared.ready.isEmpty
                if wakes { shared.holdsBatch = false }
                return (batch, wakes)
            } ?? (nil, false)
        if wakes { wakeup.signal() }
        return batch
    }

    /// Tells the broker that these deliveries are done.
    ///
    /// Any thread, does not block.
    package func acknowledge(_ tags: [DeliveryTag]) {
        settle(tags, as: .acknowledged)
    }

    /// Gives deliveries back to the queue, or to its dead-letter target.
    ///
    /// Counts as a delivery attempt. A stream has neither: there it is the same as `acknowledge`.
    package func reject(_ tags: [DeliveryTag], requeue: Bool) {
        settle(tags, as: configuration.stream == nil ? .rejected(requeue: requeue) : .acknowledged)
    }

    /// Cancels: `next()` returns nil from now on.
    ///
    /// Deliveries handed out before can still be settled until `close`; what was prefetched but not handed out goes back to the
    /// queue then.
    package func stop() {
        shared.update { $0.wantsStop = true }
        wakeup.signal()
    }

    /// Sends all settlements made so far, closes the connection and ends the thread; blocks for that, at most about 10 s.
    package func close() {
        let thread = shared.update { shared in
            shared.wantsStop = true
            shared.wantsClose = true
            defer { shared.thread = nil }
            return shared.thread
        }
        wakeup.signal()
        thread?.join()
    }

    /// A snapshot.
    package var state: ConsumerState { shared.withLock { $0.state } }

    /// Blocks until `condition` holds for the state; false if `deadline` passes first.
    package func waitUntil(deadline: MonotonicTime, _ condition: (ConsumerState) -> Bool) -> Bool {
        shared.wait(until: deadline) { condition($0.state) ? true : nil } ?? false
    }

    private func settle(_ tags: [DeliveryTag], as verdict: DeliveryLedger.Verdict) {
        let wakes = shared.withLock { shared in
            // Stale ones are counted here and kept out, which bounds the list by the prefetch.
            for tag in tags {
                if tag.generation == shared.state.generation, shared.state.phase == .consuming || shared.state.phase == .stopping {
                    shared.verdicts.append((tag, verdict))
                } else {
                    shared.state.staleSettlements += 1
                }
            }
            defer { shared.sleeps = false }
            return shared.sleeps
        }
        if wakes { wakeup.signal() }
    }
}
