package import Scoring
package import Store

/// Measures a model on the decisions and outcomes in the database.
///
/// **Bounded.** Looks at the `limit` newest attempts that can be judged, and for no longer than `patience`: memory is some 100 bytes for
/// each. Blocks all that time, so it belongs on a thread of its own.
package struct PerformanceReader: Sendable {
    /// Attempts that are looked at by default.
    package static let defaultLimit = 200_000
    /// Attempts whose outcomes are asked for at once.
    private static let batchSize = 1000

    private let database: Database
    private let rule: LabelRule
    private let limit: Int
    private let patience: Duration

    /// - Parameters:
    ///   - rule: as in training, so that a model is judged by what it was taught.
    ///   - patience: after that, what was read is all there is.
    package init(
        _ database: Database, rule: LabelRule = LabelRule(), limit: Int = Self.defaultLimit, patience: Duration = .seconds(20)
    ) {
        self.database = database
        self.rule = rule
        self.limit = limit
        self.patience = patience
    }

    /// The performance of a model as it is known at `asOf`.
    ///
    /// - Parameter threshold: from this probability on an attempt counts as predicted to succeed.
    /// - Throws: `StoreError`.
    package func report(on modelVersion: String, threshold: Float, asOf: Timestamp) throws -> PerformanceReport {
        var measurement = PerformanceMeasurement(
            modelVersion: modelVersion, threshold: threshold, asOf: asOf, maturityMilliseconds: rule.maturityMilliseconds)
        let end = measurement.judgedUntil
        let deadline = ContinuousClock.now + patience
        var attempts = JudgedAttempts()
        // One more than is looked at tells whether there are more.
        var cursor = try database.attemptCursor(measurement.start(of: .week)...end, model: modelVersion, limit: limit + 1)
        while attempts.count < limit {
            var batch: [ScoredAttempt] = []
            while batch.count < min(Self.batchSize, limit - attempts.count), let next = try cursor.next() { batch.append(next.record) }
            guard !batch.isEmpty else { break }
            try judge(batch, asOf: asOf, into: &attempts)
            if ContinuousClock.now >= deadline { break }
        }
        measurement.isTruncated = try cursor.next() != nil
        measurement.waiting = try database.attemptCount((end + 1)...asOf, model: modelVersion, limit: limit)
        return measurement.report(of: attempts)
    }

    private func judge(_ batch: [ScoredAttempt], asOf: Timestamp, into attempts: inout JudgedAttempts) throws {
        let outcomes = Dictionary(grouping: try database.outcomes(jobIDs: Array(Set(batch.map(\.jobID)))), by: \.jobID)
        for attempt in batch {
            let label = rule.label(
                through: attempt.provider, after: attempt.delayMilliseconds, decidedAt: attempt.decidedAt,
                outcomes: outcomes[attempt.jobID] ?? [], asOf: asOf)
            attempts.append(
                probability: attempt.probability, verdict: JudgedAttempts.Verdict(label), notification: attempt.notificationID,
                decidedAt: attempt.decidedAt
            ) { division in
                switch division {
                case .channel: attempt.channel.rawValue
                case .provider: attempt.provider
                case .templateType: attempt.templateType.rawValue
                case .country: attempt.recipientCountry.description
                }
            }
        }
    }
}

extension JudgedAttempts.Verdict {
    init(_ label: DecisionLabel) {
        switch label {
        case .known(let outcome): self = outcome.status == .delivered ? .delivered : .failed
        case .superseded: self = .superseded
        case .unknown, .noAttempt: self = .unknown
        case .immature: self = .pending
        }
    }
}
