internal import Scoring

/// Reads data sets one behind the other, as one log in the order of its decisions.
struct AttemptFiles {
    private let paths: [String]
    /// Files that have been read to their end.
    private var finished: [(path: String, sha256: String)] = []
    private var current: AttemptLog
    private var lastDecision: Timestamp?
    /// Of the job ids so far, by hash: 16 bytes a row.
    private var jobs: Set<Int> = []
    /// Rows left out because an earlier one has their job id.
    private(set) var duplicateCount = 0

    /// - Parameter paths: at least one, in the order of time.
    init(paths: [String]) throws(AttemptLogError) {
        guard let first = paths.first else { throw AttemptLogError("--from", "names no file") }
        self.paths = paths
        current = try AttemptLog(path: first)
    }

    /// Share that has been read, 0 to 1, the files taken to be of one size.
    var share: Double { (Double(finished.count) + (finished.count < paths.count ? current.share : 0)) / Double(paths.count) }

    /// SHA-256 of what has been read: of the file's bytes, or of several files' sums, each in hexadecimal digits.
    var sha256: String {
        finished.count == 1 ? finished[0].sha256 : Checksum.sha256(Array(finished.map(\.sha256).joined(separator: "\n").utf8))
    }

    /// The next attempt; `nil` behind the last.
    mutating func next() throws(AttemptLogError) -> Attempt? {
        while finished.count < paths.count {
            if let attempt = try current.next() {
                if let lastDecision, attempt.decidedAt < lastDecision {
                    throw AttemptLogError(
                        current.path, line: current.line, column: AttemptColumn.sendTime.name,
                        "rows must be in the order of their decisions: sort them by send_time, and name files in the order of time")
                }
                lastDecision = attempt.decidedAt
                guard jobs.insert(attempt.job.jobID.hashValue).inserted else {
                    duplicateCount += 1
                    continue
                }
                return attempt
            }
            finished.append((current.path, current.sha256()))
            if finished.count < paths.count { current = try AttemptLog(path: paths[finished.count]) }
        }
        return nil
    }
}
