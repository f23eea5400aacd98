internal import Scoring

/// Turns a log, told in the order of its decisions, into the rows of the four periods.
struct RowCollector {
    /// By `TimeSplit.Part.rawValue`.
    private(set) var parts: [LabelledRows]
    private(set) var jobs: JobIndex?

    private let survey: AttemptSurvey
    private let split: TimeSplit
    private let schema: FeatureSchema
    private let withReturns: Bool
    private var replay = HistoryReplay()
    private var returns = Returns()
    private var row: [Float]

    init(survey: AttemptSurvey, split: TimeSplit, schema: FeatureSchema, extras: SplitRows.Extras) {
        self.survey = survey
        self.split = split
        self.schema = schema
        withReturns = extras.returns
        row = [Float](repeating: .nan, count: schema.featureCount)
        parts = TimeSplit.Part.allCases.map { part in
            var rows = LabelledRows()
            rows.reserve(split.rowCounts[part.rawValue], columnCount: schema.featureCount)
            return rows
        }
        if extras.jobs { jobs = JobIndex() }
    }

    /// Outcomes that live health could not take.
    var droppedOutcomes: Int { replay.health.counts.dropped }

    /// Takes an outcome that is recorded by itself.
    mutating func hear(_ outcome: Outcome) {
        live(until: outcome.occurredAt)
        replay.hear(outcome)
    }

    /// Takes the next decision.
    mutating func add(_ decided: Attempt) {
        live(until: decided.decidedAt)
        var attempt = decided
        replay.prepare(&attempt)
        defer { replay.conclude(attempt) }
        guard let status = attempt.status else {
            jobs?.add(attempt.job.jobID, testRow: nil)
            return
        }
        let part = split.part(of: survey.createdAt(of: attempt))
        jobs?.add(attempt.job.jobID, testRow: part == .test ? parts[part.rawValue].count : nil)
        append(LabelledAttempt(attempt: attempt, status: status, notification: survey.notification(of: attempt)), to: part)
    }

    /// Lets happen what happens before `time`.
    private mutating func live(until time: Timestamp) {
        while let returned = returns.next(before: time) {
            replay.advance(to: returned.attempt.decidedAt)
            append(returned, to: split.part(of: survey.createdAt(of: returned.attempt)), isReturn: true)
        }
    }

    private mutating func append(_ labelled: LabelledAttempt, to part: TimeSplit.Part, isReturn: Bool = false) {
        parts[part.rawValue].append(labelled, isReturn: isReturn, health: replay.health, schema: schema, row: &row)
        let attempt = labelled.attempt
        // Herald's own log has a decision for each return.
        let delay = attempt.action.delayMilliseconds
        if withReturns, part == .training || part == .validation, delay > 0, attempt.record == nil {
            var returned = attempt
            returned.decidedAt = attempt.decidedAt + delay
            returned.action.delayMilliseconds = 0
            returns.add(LabelledAttempt(attempt: returned, status: labelled.status, notification: labelled.notification))
        }
    }
}
