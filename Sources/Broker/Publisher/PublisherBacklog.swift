/// What a publisher has accepted and not yet published; it outlives connections.
struct PublisherBacklog {
    private let publisher: Publisher
    private var queue = SendQueue<Publication>()
    private var retries = RetrySchedule<Publication>()
    private let refusalBackoff: Backoff
    private var generator = SystemRandomNumberGenerator()
    private var submissions: [Submission] = []

    init(_ publisher: Publisher) {
        self.publisher = publisher
        let wait = publisher.configuration.refusalWait
        refusalBackoff = Backoff(initial: wait.first, maximum: wait.longest)
    }

    /// The next message to publish.
    var first: Publication? { queue.first }

    mutating func removeFirst() {
        queue.removeFirst()
    }

    /// When a refused message is due again.
    var nextRetry: MonotonicTime? { retries.earliest }

    /// Takes in what callers have handed over.
    ///
    /// Returns whether they want to close, and until when at most.
    @discardableResult
    mutating func takeInbox() -> (wantsClose: Bool, pending: Int, deadline: MonotonicTime?) {
        let result = publisher.shared.withLock { shared in
            swap(&shared.inbox, &submissions)
            return (shared.wantsClose, shared.state.pending, shared.closeDeadline)
        }
        for submission in submissions {
            queue.append(contentsOf: submission.messages.indices.lazy.map { Publication(submission: submission, index: $0) })
        }
        submissions.removeAll(keepingCapacity: true)
        return result
    }

    /// Lets refused messages whose wait is over queue up again.
    mutating func queueRetries(now: MonotonicTime) {
        queue.append(contentsOf: retries.takeDue(now: now))
    }

    /// Schedules a refused message.
    mutating func retry(_ publication: Publication, now: MonotonicTime) {
        var publication = publication
        let wait = refusalBackoff.wait(attempt: publication.refusals, using: &generator)
        publication.refusals += 1
        retries.add(publication, due: now + wait)
    }

    /// Puts what a lost connection left unconfirmed before everything else, in order.
    mutating func takeBack(_ publications: [Publication]) {
        queue.prepend(contentsOf: publications)
        publisher.shared.withLock { $0.state.republished += publications.count }
    }

    /// Reports everything as abandoned.
    mutating func abandonAll() {
        var left: [Publication] = []
        while let publication = queue.first {
            left.append(publication)
            queue.removeFirst()
        }
        left += retries.takeAll()
        for publication in left { publication.settle(.abandoned) }
        publisher.shared.update { shared in
            shared.state.pending = 0
            shared.pendingBytes = 0
        }
    }
}
