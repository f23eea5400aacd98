package import Scoring

/// Attempts that a model chose with what became of them, newest first, a column for each of their sides.
package struct JudgedAttempts: Sendable {
    /// What became of an attempt.
    package enum Verdict: UInt8, Sendable {
        /// It has an outcome, and time enough has passed that a slow one would have been heard too.
        case delivered
        case failed
        /// The time to wait for an outcome is not over.
        case pending
        /// It is over, and no outcome came: neither a success nor a failure.
        case unknown
        /// The job was attempted through another route or at another time.
        case superseded
    }

    private(set) var probabilities: [Float] = []
    private(set) var verdicts: [Verdict] = []
    /// A number for each notification: its attempts are no independent observations.
    private(set) var notifications: [Int] = []
    private(set) var decidedAt: [Timestamp] = []
    /// Which group of each division an attempt is in.
    private(set) var groups: [[Int32]] = Array(repeating: [], count: PerformanceDivision.allCases.count)
    /// The groups' names by division, in the order in which they were met.
    private(set) var names: [[String]] = Array(repeating: [], count: PerformanceDivision.allCases.count)

    private var notificationNumbers: [String: Int] = [:]
    private var groupNumbers: [[String: Int32]] = Array(repeating: [:], count: PerformanceDivision.allCases.count)

    package init() {}

    package var count: Int { verdicts.count }

    /// Adds an attempt that is not younger than those before it.
    ///
    /// - Parameter division: the name of its group in each division.
    package mutating func append(
        probability: Float, verdict: Verdict, notification: String, decidedAt time: Timestamp, division: (PerformanceDivision) -> String
    ) {
        probabilities.append(min(max(probability, 0), 1))
        verdicts.append(verdict)
        decidedAt.append(time)
        let next = notificationNumbers.count
        notifications.append(notificationNumbers[notification, default: next])
        if notificationNumbers[notification] == nil { notificationNumbers[notification] = next }
        for (index, kind) in PerformanceDivision.allCases.enumerated() {
            let name = division(kind)
            let number: Int32
            if let known = groupNumbers[index][name] {
                number = known
            } else {
                number = Int32(names[index].count)
                groupNumbers[index][name] = number
                names[index].append(name)
            }
            groups[index].append(number)
        }
    }

    /// Number of attempts that were decided at `time` or later: they come first.
    func count(since time: Timestamp) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if decidedAt[middle] >= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What a model's attempts are divided by; raw values are the words of the answer.
package enum PerformanceDivision: String, CaseIterable, Sendable {
    case channel
    case provider
    case templateType = "template_type"
    case country

    /// Groups that are shown by name, those with the most attempts; `nil` = all, for there are only a few.
    var limit: Int? {
        switch self {
        case .channel, .templateType: nil
        case .provider: 20
        case .country: 10
        }
    }

    /// What all further groups are called together.
    static let other = "other"
}
