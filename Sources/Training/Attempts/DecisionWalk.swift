internal import Crypto
internal import Foundation
package import Scoring
package import Store

/// Walks through a log in the order of its decisions and tells, between them, the outcomes in the order in which they occurred.
///
/// Memory is that of a batch of decisions.
package struct DecisionWalk {
    /// Decisions whose outcomes are asked for at once.
    private static let batchSize = 1000

    package struct Step {
        package var record: DecisionRecord
        package var label: DecisionLabel
        /// Everything that is known of the job, in the order in which it happened; empty where no labels are looked up.
        package var outcomes: [Outcome] = []
    }

    private let log: DecisionLog
    private let withLabels: Bool
    private var decisions: RecordCursor<DecisionRecord>
    private var outcomes: RecordCursor<Outcome>
    private var waiting: (record: Outcome, document: Document)?
    private var batch: ArraySlice<Step> = []
    /// Over what was told so far, and as it was at the last decision with a label: what comes behind may still change between two walks.
    private var hash = SHA256()
    private var settledHash = SHA256()
    /// 0 to 1, by time.
    package private(set) var share = 0.0

    /// - Parameters:
    ///   - withRows: whether the records have their feature rows and action sets.
    ///   - withLabels: whether labels are looked up; without, every one is `unknown`.
    package init(_ log: DecisionLog, model: String? = nil, withRows: Bool, withLabels: Bool) throws {
        self.log = log
        self.withLabels = withLabels
        decisions = try log.database.decisionCursor(log.decisions, model: model, withRows: withRows)
        outcomes = try log.database.outcomeCursor(log.outcomes)
    }

    /// The next decision; `nil` behind the last.
    ///
    /// - Parameter hear: gets every outcome that occurred until this decision and was not heard before it.
    package mutating func next(_ hear: (Outcome) -> Void = { _ in }) throws -> Step? {
        if batch.isEmpty { try refill() }
        guard let step = batch.popFirst() else { return nil }
        let now = step.record.decision.decidedAt
        while let next = try waiting ?? outcomes.next() {
            guard next.record.occurredAt <= now else {
                waiting = next
                break
            }
            waiting = nil
            hash.update(data: next.document.bytes)
            hear(next.record)
        }
        if case .known(let outcome) = step.label {
            add(step.record, outcome)
            settledHash = hash
        }
        let length = max(log.decisions.upperBound - log.decisions.lowerBound, 1)
        share = min(Double(now - log.decisions.lowerBound) / Double(length), 1)
        return step
    }

    /// The same whether the record was read with its rows or without.
    private mutating func add(_ record: DecisionRecord, _ outcome: Outcome) {
        let decision = record.decision
        let text = """
            \(decision.id) \(decision.decidedAt.milliseconds) \(decision.delayMilliseconds) \(decision.provider) \
            \(outcome.status.rawValue) \(outcome.occurredAt.milliseconds)
            """
        hash.update(data: JobEncoder.json(record.job))
        hash.update(data: Array(text.utf8))
    }

    /// SHA-256 of the decisions with a label and of the outcomes heard before them, in their order: 64 hexadecimal digits.
    var sha256: String { settledHash.finalize().map { String(format: "%02x", $0) }.joined() }

    private mutating func refill() throws {
        var steps: [Step] = []
        while steps.count < Self.batchSize, let next = try decisions.next() {
            steps.append(Step(record: next.record, label: .unknown))
        }
        if withLabels, !steps.isEmpty {
            let known = try log.database.outcomes(jobIDs: Array(Set(steps.map(\.record.job.jobID))))
            let byJob = Dictionary(grouping: known, by: \.jobID)
            for index in steps.indices {
                let record = steps[index].record
                steps[index].outcomes = byJob[record.job.jobID] ?? []
                steps[index].label = log.rule.label(of: record, outcomes: steps[index].outcomes, asOf: log.asOf)
            }
        }
        batch = steps[...]
    }
}
