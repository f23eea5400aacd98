package import Broker
internal import Scoring

/// Looks at the quarantine and moves messages back, one thing at a time.
///
/// Each works on a thread and connections of its own: a look holds the messages it sees until it ends, so two at once would each see a
/// part, and give them back in another order.
package final class QuarantineDesk: Sendable {
    /// Messages from the head of the queue that a look or a move by id can reach.
    static let window = QueueBrowser.window
    /// How long a look may take.
    static let lookTime = Duration.seconds(5)
    /// How long a move may take before it says how many are left.
    static let moveTime = Duration.seconds(20)
    /// How long one waits for another to end.
    private static let patience = Duration.seconds(6)
    /// Looks that may wait.
    private static let waitingLimit = 8

    private struct State {
        var isWorking = false
        var isMoving = false
        var waiting = 0
        var endedAt: MonotonicTime?
        /// Messages that the last one gave back: they are there again a moment later.
        var givenBack = 0
    }

    let names: QueueNames
    private let url: BrokerURL
    /// What a message may go back to.
    private let sources: Set<String>
    private let state = Monitor(State())

    /// - Parameter topology: messages may go back to its queues, except the quarantine itself and what nothing is taken from.
    package init(_ url: BrokerURL, topology: Topology) {
        self.url = url
        names = topology.names
        sources = Set(topology.queues.map(\.name)).subtracting([names.quarantine, names.outcomesRecent])
    }

    /// Whether messages were held at any time since, so that the queue's depth said nothing.
    func hasWorked(since time: MonotonicTime) -> Bool {
        // What is given back is there again a moment after it is sent.
        state.withLock { $0.isWorking || $0.endedAt.map { $0 + .milliseconds(250) >= time } ?? false }
    }

    /// Why a message could not go back; `nil` where it could.
    func obstacle(to message: QuarantinedMessage) -> QuarantinedMessage.Obstacle? {
        do throws(QuarantinedMessage.Obstacle) {
            _ = try message.goingBack(to: sources, user: url.user)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Looking

    /// A page of the queue's messages, and how many there are.
    ///
    /// - Parameter show: makes an entry of a message, on the thread that looks: one body at a time is in memory.
    func page<Entry: Sendable>(
        of size: Int, after cursor: QuarantineCursor?, _ show: @escaping @Sendable (QuarantinedMessage) -> Entry
    ) async throws -> (page: QuarantinePage<Entry>, depth: Int) {
        try await look { browser in
            var page = QuarantinePage<Entry>(size: size, after: cursor)
            let deadline = MonotonicTime.now + Self.lookTime
            while !page.isComplete, let candidate = try browser.next(until: deadline) {
                let message = QuarantinedMessage(candidate)
                page.see(message.id) { show(message) }
            }
            return (page, browser.depth)
        }
    }

    /// The first message of that id; `nil` where none of those that can be seen has it.
    func find<Entry: Sendable>(_ id: String, _ show: @escaping @Sendable (QuarantinedMessage) -> Entry) async throws -> Entry? {
        try await look { browser in
            let deadline = MonotonicTime.now + Self.lookTime
            while let candidate = try browser.next(until: deadline) {
                let message = QuarantinedMessage(candidate)
                if message.id == id { return show(message) }
            }
            return nil
        }
    }

    private func look<Value: Sendable>(_ body: @escaping @Sendable (inout QueueBrowser) throws -> Value) async throws -> Value {
        try await onThread { [self] in
            try alone {
                var browser = try QueueBrowser(
                    url, queue: names.quarantine, expecting: takeGivenBack(), name: "herald serve: quarantine")
                let depth = browser.depth
                let value = try body(&browser)
                try browser.close()
                state.withLock { $0.givenBack = depth }
                return value
            }
        }
    }

    // MARK: Moving

    /// Which messages to move.
    enum Selection: Sendable {
        /// Of each id as many as it is there for.
        case ids([String: Int])
        case all
    }

    /// The right to move, for one at a time.
    ///
    /// Throws `Problem` (conflict) while another has it.
    func beginMove() throws -> MoveRight {
        let isFree = state.update { state in
            defer { state.isMoving = true }
            return !state.isMoving
        }
        guard isFree else { throw Problem(.conflict, "messages are being moved already; try again when that has ended", retryAfter: 2) }
        return MoveRight { [state] in state.update { $0.isMoving = false } }
    }

    /// Given back when it is gone.
    final class MoveRight: Sendable {
        private let end: @Sendable () -> Void

        fileprivate init(_ end: @escaping @Sendable () -> Void) {
            self.end = end
        }

        deinit { end() }
    }

    /// Moves messages back to the queues they came from.
    ///
    /// - Parameter reason: only those that are there for this reason.
    func move(_ selection: Selection, reason: String?, by right: MoveRight) async throws -> QuarantineMove.Report {
        try await onThread { [self] in
            defer { withExtendedLifetime(right) {} }
            return try alone {
                let report = try QuarantineMove(
                    url: url, queue: names.quarantine, sources: sources, selection: selection, reason: reason, expected: takeGivenBack()
                ).run(until: .now + Self.moveTime)
                state.withLock { $0.givenBack = report.remaining }
                return report
            }
        }
    }

    private func takeGivenBack() -> Int {
        state.withLock { state in
            defer { state.givenBack = 0 }
            return state.givenBack
        }
    }

    // MARK: Threads

    /// Runs `work` when nothing else works on the queue.
    private func alone<Value>(_ work: () throws -> Value) throws -> Value {
        let isFree =
            state.wait(until: .now + Self.patience) { state -> Bool? in
                guard !state.isWorking else { return nil }
                state.isWorking = true
                return true
            } ?? false
        guard isFree else { throw Self.isBusy }
        defer {
            state.update { state in
                state.isWorking = false
                state.endedAt = .now
            }
        }
        return try work()
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let mayWait = state.withLock { state in
            guard state.waiting < Self.waitingLimit else { return false }
            state.waiting += 1
            return true
        }
        guard mayWait else { throw Self.isBusy }
        return try await BlockingPool.onThread("herald-quarant", work) { [state] in state.withLock { $0.waiting -= 1 } }
    }

    private static let isBusy = Problem(.overloaded, "others look at the quarantine or move its messages", retryAfter: 2)
}
