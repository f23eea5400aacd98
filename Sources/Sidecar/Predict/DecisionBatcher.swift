internal import Scoring
internal import Streaming
internal import Synchronization

/// Decides on the jobs of requests that come at the same time together: a lone job costs the model five times what it costs in company.
///
/// Nobody waits for company: whatever has come by the time that a thread takes the turn is decided at once, and what comes meanwhile makes
/// the next turn. One turn at a time, so that the decisions of each see what those before did to budgets and rates.
final class DecisionBatcher: Sendable {
    /// The jobs of one request, decided.
    struct Ruling: Sendable {
        /// What decided.
        var scorer: Scorer
        /// One for each job, in their order.
        var decisions: [Decision]
        /// What the answer has to do without.
        var degraded: [Degradation]
    }

    /// What the turns work with, each after the other.
    private struct Desk {
        var control: PolicyControl
        var workspace = ScoringWorkspace()
    }

    private struct Request {
        var jobs: [PendingJob]
        var answer: CheckedContinuation<Ruling, Never>
    }

    private struct Waiting {
        var requests: [Request] = []
        /// Whether a turn is under way or about to begin.
        var hasTurn = false
    }

    /// Jobs of a turn, and so of a request: some milliseconds.
    static let jobLimit = 64

    private let current: CurrentScorer
    private let follower: HealthFollower
    private let log: PredictionLog
    private let now: @Sendable () -> Timestamp
    private let desk: Mutex<Desk>
    /// As many as are answered at a time, which the server limits.
    private let waiting = Mutex(Waiting())

    /// - Parameters:
    ///   - scorer: asked once a turn.
    ///   - now: the wall clock.
    init(scorer: CurrentScorer, health: HealthFollower, log: PredictionLog, now: @escaping @Sendable () -> Timestamp) {
        current = scorer
        follower = health
        self.log = log
        self.now = now
        desk = Mutex(Desk(control: PolicyControl(of: scorer.scorer.policy)))
    }

    /// What answers have to do without right now.
    var degraded: [Degradation] { degraded(of: current.scorer) }

    /// Decides on the jobs of a request, 1 to `jobLimit`, and logs the decisions.
    func decide(_ jobs: [PendingJob]) async -> Ruling {
        precondition((1...Self.jobLimit).contains(jobs.count), "a turn takes 1 to \(Self.jobLimit) jobs")
        return await withCheckedContinuation { answer in
            let isFirst = waiting.withLock { waiting in
                waiting.requests.append(Request(jobs: jobs, answer: answer))
                defer { waiting.hasTurn = true }
                return !waiting.hasTurn
            }
            if isFirst { Task { await turns() } }
        }
    }

    /// Turn after turn until nobody waits.
    private func turns() async {
        while true {
            // Requests that are about to run come along.
            await Task.yield()
            let requests = waiting.withLock { waiting -> [Request] in
                var count = 0
                let requests = waiting.requests.prefix { request in
                    count += request.jobs.count
                    return count <= Self.jobLimit
                }
                waiting.requests.removeFirst(requests.count)
                waiting.hasTurn = !requests.isEmpty
                return Array(requests)
            }
            if requests.isEmpty { return }
            decide(requests)
        }
    }

    private func decide(_ requests: [Request]) {
        let jobs = requests.flatMap(\.jobs)
        let scorer = current.scorer
        let decisions = desk.withLock { desk in
            follower.health.decide(by: now, control: scorer.policy.control) { health, now in
                desk.control.follow(scorer.policy)
                return scorer.decide(jobs, now: now, health: health, control: &desk.control, workspace: &desk.workspace)
            }.0
        }
        var degraded = degraded(of: scorer)
        if !log.append(decisions, on: jobs, schema: scorer.schema), !degraded.contains(.database) { degraded.append(.database) }
        var rest = decisions[...]
        for request in requests {
            request.answer.resume(
                returning: Ruling(scorer: scorer, decisions: Array(rest.prefix(request.jobs.count)), degraded: degraded))
            rest = rest.dropFirst(request.jobs.count)
        }
    }

    private func degraded(of scorer: Scorer) -> [Degradation] {
        var degraded: [Degradation] = []
        if scorer.schema == nil { degraded.append(.model) }
        if !follower.isFollowing { degraded.append(.broker) }
        if !log.isAvailable { degraded.append(.database) }
        return degraded
    }
}
