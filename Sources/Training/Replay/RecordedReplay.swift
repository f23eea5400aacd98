package import Scoring
internal import Store

/// Decides again what was decided: the log's jobs at their times, with live health fed by the log's outcomes.
///
/// With the model, ladder and policy of then, every decision comes out the same to the bit; where one does not, something in this chain is
/// not what it was: the model, the configuration, the outcomes that the log has, or the code.
package struct RecordedReplay {
    /// A decision that came out differently although the same model made it.
    package struct Mismatch: Equatable, Sendable {
        package var decisionID: DecisionID
        package var jobID: String
        package var decidedAt: Timestamp
        /// What differs, a phrase each, in the order of the decision's fields.
        package var differences: [String]
    }

    package struct Report: Equatable, Sendable {
        /// Decisions that the scorer's own model had made, or the rules in its place, so that they must come out the same.
        package var comparedCount = 0
        package var mismatchCount = 0
        /// The first of them.
        package var mismatches: [Mismatch] = []
        /// Decisions that another model had made, and those of them that this one would change.
        package var otherCount = 0
        package var changedCount = 0
    }

    /// Mismatches that are told one by one.
    private static let shownCount = 10

    private let log: DecisionLog
    private let health: LiveHealth
    private let scorer: (_ version: String) throws -> Scorer

    /// - Parameters:
    ///   - health: what serving knew before the first outcome of the log.
    ///   - scorer: for decisions of that model's version, or by its parameters; asked for each decision, so it should remember.
    package init(_ log: DecisionLog, health: LiveHealth = LiveHealth(), scorer: @escaping (_ version: String) throws -> Scorer) {
        self.log = log
        self.health = health
        self.scorer = scorer
    }

    /// - Parameters:
    ///   - model: only decisions of this version.
    ///   - take: gets each decision as it came out now.
    ///   - progress: gets the decisions so far, and the share that is done.
    package func run(
        model: String? = nil, take: (_ job: Job, _ decision: Decision) throws -> Void = { _, _ in },
        progress: (_ decisions: Int, _ share: Double) -> Void = { _, _ in }
    ) throws -> Report {
        var walk = try DecisionWalk(log, model: model, withRows: true, withLabels: false)
        var replay = HistoryReplay(health: health)
        var workspace = ScoringWorkspace()
        var report = Report()
        while let step = try walk.next({ replay.hear($0) }) {
            let recorded = step.record.decision
            replay.advance(to: recorded.decidedAt)
            var scorer = try scorer(recorded.parameters)
            // The rules decided in that model's place; or did so before the log told of it.
            let isInPlace = recorded.parameters != recorded.model || recorded.reason == .latencyBudget
            if isInPlace, scorer.policyVersion == recorded.parameters { scorer = scorer.withoutModel(because: .latencyBudget) }
            // The chain of decisions that the id is made of is not in the record.
            let pending = PendingJob(job: step.record.job, recorded: recorded.id)
            let decision = scorer.decide(
                [pending], now: recorded.decidedAt, health: replay.health, conditions: recorded.conditions, workspace: &workspace)[0]
            try take(step.record.job, decision)
            if decision.model == recorded.model, decision.parameters == recorded.parameters {
                report.comparedCount += 1
                let differences = Self.differences(recorded, decision, names: scorer.schema?.names ?? [])
                if !differences.isEmpty {
                    report.mismatchCount += 1
                    if report.mismatches.count < Self.shownCount {
                        report.mismatches.append(
                            Mismatch(
                                decisionID: recorded.id, jobID: step.record.job.jobID, decidedAt: recorded.decidedAt,
                                differences: differences))
                    }
                }
            } else {
                report.otherCount += 1
                let isSame =
                    decision.kind == recorded.kind && decision.provider == recorded.provider
                    && decision.delayMilliseconds == recorded.delayMilliseconds
                if !isSame { report.changedCount += 1 }
            }
            let count = report.comparedCount + report.otherCount
            if count % AttemptLog.progressRows == 0 { progress(count, walk.share) }
        }
        return report
    }

    private static func difference(_ field: String, _ recorded: String, _ replayed: String) -> String {
        "\(field): \(recorded) was recorded, \(replayed) comes out"
    }

    /// Compares everything that a decision is made of, numbers by their bits.
    private static func differences(_ recorded: Decision, _ replayed: Decision, names: [String]) -> [String] {
        var differences: [String] = []
        func compare<Value: Equatable>(_ field: String, _ recorded: Value, _ replayed: Value) {
            guard recorded != replayed else { return }
            differences.append(Self.difference(field, String(describing: recorded), String(describing: replayed)))
        }
        func compareBits(_ field: String, _ recorded: Float, _ replayed: Float) {
            guard recorded.bitPattern != replayed.bitPattern, !(recorded.isNaN && replayed.isNaN) else { return }
            differences.append(Self.difference(field, recorded.description, replayed.description))
        }
        compare("action", recorded.kind.rawValue, replayed.kind.rawValue)
        compare("reason", recorded.reason.rawValue, replayed.reason.rawValue)
        compare("provider", recorded.provider, replayed.provider)
        compare("delay_ms", recorded.delayMilliseconds, replayed.delayMilliseconds)
        compare("priority", recorded.priority.rawValue, replayed.priority.rawValue)
        compareBits("probability", recorded.probability, replayed.probability)
        compare("propensity", recorded.propensity.bitPattern, replayed.propensity.bitPattern)
        compare("policy", recorded.policy, replayed.policy)
        compare("actions", recorded.actions.count, replayed.actions.count)
        compare("features", recorded.features.count, replayed.features.count)
        guard recorded.actions.count == replayed.actions.count, recorded.features.count == replayed.features.count else {
            return differences
        }
        for (index, (old, new)) in zip(recorded.features, replayed.features).enumerated() {
            compareBits("feature \(names.indices.contains(index) ? names[index] : "\(index)")", old, new)
        }
        for (index, (old, new)) in zip(recorded.actions, replayed.actions).enumerated() {
            compare("action \(index)", old.action, new.action)
            compareBits("action \(index), probability", old.probability, new.probability)
            compare("action \(index), utility", old.utility.bitPattern, new.utility.bitPattern)
            compare("action \(index), propensity", old.propensity.bitPattern, new.propensity.bitPattern)
        }
        return differences
    }
}
