package import Logging

/// Publishes with confirms on a connection and a thread of its own.
///
/// Every message accepted is reported exactly once: confirmed, returned, invalid, or (only after `close`) abandoned. Refusals
/// and lost connections are retried inside, so a message can reach the broker twice with the same message id.
package final class Publisher: Sendable {
    /// What callers and the connection's thread share.
    struct Shared {
        var state = PublisherState()
        var inbox: [Submission] = []
        var pendingBytes = 0
        var wantsClose = false
        var closeDeadline: MonotonicTime?
        /// The thread waits for its socket: signal it.
        var sleeps = false
        var thread: DedicatedThread?
    }

    let configuration: PublisherConfiguration
    let logger: Logger
    let shared: Monitor<Shared>
    let wakeup: Wakeup

    /// Validates the configuration; connects only in `start`.
    package init(_ configuration: PublisherConfiguration, logger: Logger) throws(BrokerError) {
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
        let thread = try DedicatedThread(name: "herald-publish") { [self] in
            PublisherLoop(self).run()
        }
        shared.withLock { $0.thread = thread }
    }

    /// Hands messages over for publishing; blocks while too much is pending (`PublisherConfiguration.pendingMessages`).
    ///
    /// - Parameter settled: Called with the indices of messages that were settled together, each of them once, on the publisher's
    ///   thread: it must be quick and must not call `publish`. After `close`, `.abandoned` comes on the calling thread.
    package func publish(_ messages: [OutgoingMessage], settled: @escaping @Sendable (_ indices: [Int], _ result: PublishResult) -> Void) {
        guard !messages.isEmpty else { return }
        let submission = Submission(messages: messages, settled: settled)
        let bytes = messages.reduce(0) { $0 + $1.footprint }
        let (accepted, wakes) =
            shared.wait { shared -> (Bool, Bool)? in
                if shared.wantsClose { return (false, false) }
                guard shared.state.pending < configuration.pendingMessages, shared.pendingBytes < configuration.pendingBytes else {
                    return nil
                }
                shared.inbox.append(submission)
                shared.state.pending += messages.count
                shared.pendingBytes += bytes
                defer { shared.sleeps = false }
                return (true, shared.sleeps)
            } ?? (false, false)
        if wakes { wakeup.signal() }
        if !accepted { settled(Array(messages.indices), .abandoned) }
    }

    /// Waits until everything is settled or `patience` has passed, then closes the connection and ends the thread.
    ///
    /// What is not settled by then is abandoned.
    package func close(patience: Duration = .seconds(5)) {
        let thread = shared.update { shared in
            shared.wantsClose = true
            shared.closeDeadline = .now + patience
            defer { shared.thread = nil }
            return shared.thread
        }
        wakeup.signal()
        thread?.join()
    }

    /// A snapshot.
    package var state: PublisherState { shared.withLock { $0.state } }

    /// Blocks until `condition` holds for the state; false if `deadline` passes first.
    package func waitUntil(deadline: MonotonicTime, _ condition: (PublisherState) -> Bool) -> Bool {
        shared.wait(until: deadline) { condition($0.state) ? true : nil } ?? false
    }
}
