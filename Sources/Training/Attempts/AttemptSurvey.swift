internal import Scoring

/// What a first pass over a data set finds out: how many rows there are, when their notifications began, which words occur.
struct AttemptSurvey {
    /// Rows with an outcome.
    private(set) var maturedCount = 0
    /// Rows without one yet; nothing is learnt from them.
    private(set) var pendingCount = 0
    /// Time of the first and of the last decision with an outcome.
    private(set) var decisions: ClosedRange<Timestamp>?
    /// SHA-256 of what was read: see `AttemptReader.sha256`.
    private(set) var sha256 = ""
    /// Decisions of a log that are no rows.
    private(set) var leftOut = LeftOutDecisions()

    /// When each notification was created, by the hash of its id: its rows must not be divided between splits.
    ///
    /// Should two notifications share a hash, they go to one split together, which does no harm.
    private var notifications: [Int: Notification] = [:]
    /// The earliest creation of a notification that each word occurs in.
    private var countries: [String: Timestamp] = [:]
    private var providers: [String: Timestamp] = [:]

    private struct Notification {
        /// In the order of the first appearance.
        let number: Int
        var createdAt: Timestamp
        var rows = 0

        mutating func add(_ time: Timestamp) {
            createdAt = min(createdAt, time)
            rows += 1
        }
    }

    /// Reads everything; `progress` receives the rows read and the share.
    init(_ source: AttemptSource, progress: (_ rows: Int, _ share: Double) -> Void) throws {
        var log = try AttemptReader(source)
        while let attempt = try log.next() {
            add(attempt)
            let rows = maturedCount + pendingCount
            if rows % AttemptLog.progressRows == 0 { progress(rows, log.share) }
        }
        sha256 = log.sha256
        leftOut = log.leftOut
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
        let number = notifications.count
        notifications[job.notificationID.hashValue, default: Notification(number: number, createdAt: job.createdAt)].add(job.createdAt)
        Self.enter(job.recipientCountry.description, job.createdAt, into: &countries)
        Self.enter(job.providers[attempt.action.providerIndex], job.createdAt, into: &providers)
    }

    private static func enter(_ word: String, _ time: Timestamp, into words: inout [String: Timestamp]) {
        if let earliest = words[word], earliest <= time { return }
        words[word] = time
    }

    /// When the notification of an attempt was created, by its earliest row.
    func createdAt(of attempt: Attempt) -> Timestamp {
        notifications[attempt.job.notificationID.hashValue]?.createdAt ?? attempt.job.createdAt
    }

    /// Number of the notification of an attempt with an outcome, from 0 on.
    func notification(of attempt: Attempt) -> Int {
        notifications[attempt.job.notificationID.hashValue]?.number ?? -1
    }

    /// By their creation, those of one time by their first appearance: the same in every process, unlike the dictionary's own order.
    private var inOrder: [Notification] {
        notifications.values.sorted { ($0.createdAt, $0.number) < ($1.createdAt, $1.number) }
    }

    /// Divides the notifications in the order of their creation: training first, then parts with these shares of the rows.
    func split(validationShare: Double, calibrationShare: Double, testShare: Double) -> TimeSplit? {
        let ordered = inOrder
        let starts = [1 - validationShare - calibrationShare - testShare, 1 - calibrationShare - testShare, 1 - testShare]
        var boundaries: [Timestamp] = []
        var rowsBefore: [Int] = []
        var rows = 0
        for notification in ordered {
            // Only between different times, so that what happened at once stays together.
            while boundaries.count < starts.count, Double(rows) >= starts[boundaries.count] * Double(maturedCount) {
                boundaries.append(notification.createdAt)
            }
            rows += notification.rows
        }
        guard boundaries.count == starts.count else { return nil }
        for boundary in boundaries {
            rowsBefore.append(ordered.prefix { $0.createdAt < boundary }.reduce(0) { $0 + $1.rows })
        }
        return TimeSplit(
            validationFrom: boundaries[0], calibrationFrom: boundaries[1], testFrom: boundaries[2],
            rowCounts: zip(rowsBefore + [rows], [0] + rowsBefore).map { $0 - $1 })
    }

    /// The division whose parts have these numbers of rows, in the order of time; `nil` where there is none.
    func split(rowCounts: [Int]) -> TimeSplit? {
        var starts: [Timestamp] = []
        var rows = 0
        var wanted = rowCounts.first ?? 0
        for notification in inOrder {
            while rows == wanted, starts.count < rowCounts.count - 1, starts.last != notification.createdAt {
                starts.append(notification.createdAt)
                // A manifest may say anything; what overflows cannot be this data set.
                let (sum, overflows) = wanted.addingReportingOverflow(rowCounts[starts.count])
                guard !overflows else { return nil }
                wanted = sum
            }
            rows += notification.rows
        }
        guard starts.count == 3, rowCounts.count == 4, rows == wanted else { return nil }
        return TimeSplit(validationFrom: starts[0], calibrationFrom: starts[1], testFrom: starts[2], rowCounts: rowCounts)
    }

    /// The countries and providers that occur before `time`, in alphabetical order.
    func vocabularies(before time: Timestamp) -> (countries: [String], providers: [String]) {
        (countries.filter { $0.value < time }.keys.sorted(), providers.filter { $0.value < time }.keys.sorted())
    }
}
