internal import Scoring
internal import Store

/// What a first pass over a log finds out for off-policy evaluation.
///
/// Memory is bounded by the routes and delays of a file, and by the jobs of a log of decisions that were given up
/// in the end or still wait.
struct LogSurvey {
    /// Most different actions that are remembered.
    private static let shownLimit = 1 << 16

    /// An action that a file shows somewhere.
    struct Shown: Hashable {
        var channel: Channel
        var isFirst: Bool
        var delayMilliseconds: Int64
        var providerIndex: Int
    }

    private(set) var decisionCount = 0
    /// Attempts of a file without an outcome.
    private(set) var pendingCount = 0
    /// The time of the last knowledge: the last decision of a file, or `DecisionLog.asOf`.
    private(set) var knownUntil: Timestamp
    /// Of the bytes of the files; empty for a log of decisions.
    private(set) var sha256 = ""
    /// The routes of each channel in alphabetical order: a file names only the one that was used.
    private(set) var routes: [Channel: [String]] = [:]
    /// How often a file shows each action.
    private(set) var shown: [Shown: Int] = [:]
    /// Jobs of a log of decisions whose last decision did not attempt them, by the hashes of their ids: given up, or put off once more.
    private(set) var unattempted: Set<Int> = []

    /// The longest delay of any decision, in milliseconds.
    private(set) var longestDelay: Int64 = 0

    init(_ source: AttemptSource, progress: (_ decisions: Int, _ share: Double) -> Void) throws {
        switch source {
        case .files(let paths):
            knownUntil = Timestamp(milliseconds: .min)
            try read(AttemptFiles(paths: paths), progress)
        case .decisions(let log):
            knownUntil = log.asOf
            try read(DecisionWalk(log, withRows: false, withLabels: false), progress)
        }
    }

    private mutating func read(_ files: consuming AttemptFiles, _ progress: (Int, Double) -> Void) throws {
        var names: [Channel: Set<String>] = [:]
        var counts: [Shown: Int] = [:]
        // By the routes' names, until all of them are known.
        var numbers: [String: Int] = [:]
        while let attempt = try files.next() {
            decisionCount += 1
            if decisionCount % AttemptLog.progressRows == 0 { progress(decisionCount, files.share) }
            knownUntil = attempt.decidedAt
            longestDelay = max(longestDelay, attempt.action.delayMilliseconds)
            if attempt.status == nil { pendingCount += 1 }
            let route = attempt.job.providers[attempt.action.providerIndex]
            names[attempt.job.channel, default: []].insert(route)
            let number = numbers[route, default: numbers.count]
            numbers[route] = number
            let shown = Shown(attempt.job, CandidateAction(delayMilliseconds: attempt.action.delayMilliseconds, providerIndex: number))
            if counts[shown] != nil || counts.count < Self.shownLimit { counts[shown, default: 0] += 1 }
        }
        for (channel, routes) in names {
            guard routes.count <= Job.maximumProviderCount else {
                throw TrainingError(
                    .insufficientData,
                    "the log has \(routes.count) providers of the channel \(channel.rawValue), more than the \(Job.maximumProviderCount) "
                        + "that a job may have: which of them were permitted cannot be told")
            }
            self.routes[channel] = routes.sorted()
        }
        let namesByNumber = Dictionary(uniqueKeysWithValues: numbers.map { ($1, $0) })
        for (shown, count) in counts {
            guard let name = namesByNumber[shown.providerIndex], let index = routes[shown.channel]?.firstIndex(of: name) else { continue }
            var shown = shown
            shown.providerIndex = index
            self.shown[shown] = count
        }
        sha256 = files.sha256
    }

    private mutating func read(_ walk: consuming DecisionWalk, _ progress: (Int, Double) -> Void) throws {
        while let step = try walk.next() {
            decisionCount += 1
            if decisionCount % AttemptLog.progressRows == 0 { progress(decisionCount, walk.share) }
            longestDelay = max(longestDelay, step.record.decision.delayMilliseconds)
            let job = step.record.job.jobID.hashValue
            if step.record.decision.kind == .dispatch {
                unattempted.remove(job)
            } else {
                unattempted.insert(job)
            }
        }
    }
}

extension LogSurvey.Shown {
    init(_ job: Job, _ action: CandidateAction) {
        self.init(
            channel: job.channel, isFirst: job.previousAttempts == 0,
            delayMilliseconds: action.delayMilliseconds, providerIndex: action.providerIndex)
    }
}
