internal import Scoring

/// What a first pass over a data set finds out: how many rows there are, when their notifications began, which words occur.
struct AttemptSurvey {
    /// Rows with an outcome.
    private(set) var maturedCount = 0
    /// Rows without one yet; nothing is learnt from them.
    private(set) var pendingCount = 0
    /// Time of the first and of the last decision with an outcome.
    private(set) var decisions: ClosedRange<Timestamp>?
    /// SHA-256 of the file.
    private(set) var sha256 = ""

    /// When each notification was created, by the hash of its id: its rows must not be divided between splits.
    ///
    /// Should two notifications share a hash, they go to one split together, which does no harm.
    private var notifications: [Int: Notification] = [:]
    /// The earliest creation of a notification that each word occurs in.
    private var countries: [String: Timestamp] = [:]
    private var providers: [String: Timestamp] = [:]

    private struct Notification {
        var createdAt: Timestamp
        var rows = 0

        mutating func add(_ time: Timestamp) {
            createdAt = min(createdAt, time)
            rows += 1
        }
    }

    /// Reads the whole file; `progress` receives the rows read and the share of the file.
    init(path: String, progress: (_ rows: Int, _ share: Double) -> Void) throws(AttemptLogError) {
        var log = try AttemptLog(path: path)
        while let attempt = try log.next() {
            add(attempt)
            let rows = maturedCount + pendingCount
            if rows % AttemptLog.progressRows == 0 { progress(rows, log.share) }
        }
        sha256 = log.sha256()
    }

    private mutating func add(_ attempt: Attempt) {
        guard attempt.status != nil else {
            pendingCount += 1
            return
        }
        maturedCount += 1
        let job = attempt.job
        let first = decisions?.lowerBound ?? attempt.decidedAt
        let last = decisions?.upperBound ?? attempt.decidedAt
        decisions = min(first, attempt.decidedAt)...max(last, attempt.decidedAt)
        notifications[job.notificationID.hashValue, default: Notification(createdAt: job.createdAt)].add(job.createdAt)
        Self.enter(job.recipientCountry.description, job.createdAt, into: &countries)
        Self.enter(job.provider, job.createdAt, into: &providers)
    }

    private static func enter(_ word: String, _ time: Timestamp, into words: inout [String: Timestamp]) {
        if let earliest = words[word], earliest <= time { return }
        words[word] = time
    }

    /// When the notification of an attempt was created, by its earliest row.
    func createdAt(of attempt: Attempt) -> Timestamp {
        notifications[attempt.job.notificationID.hashValue]?.createdAt ?? attempt.job.createdAt
    }

    /// Divides the notifications in the order of their creation; the last `validationShare + testShare` of the rows are held back.
    func split(validationShare: Double, testShare: Double) -> TimeSplit? {
        let ordered = notifications.values.sorted { $0.createdAt < $1.createdAt }
        var boundaries: [Timestamp] = []
        var rows = 0
        for notification in ordered {
            let shares = [1 - validationShare - testShare, 1 - testShare]
            // Only between different times, so that what happened at once stays together.
            while boundaries.count < 2, Double(rows) >= shares[boundaries.count] * Double(maturedCount) {
                boundaries.append(notification.createdAt)
            }
            rows += notification.rows
        }
        guard boundaries.count == 2 else { return nil }
        return TimeSplit(validationFrom: boundaries[0], testFrom: boundaries[1])
    }

    /// The countries and providers that occur before `time`, in alphabetical order.
    func vocabularies(before time: Timestamp) -> (countries: [String], providers: [String]) {
        (countries.filter { $0.value < time }.keys.sorted(), providers.filter { $0.value < time }.keys.sorted())
    }
}
