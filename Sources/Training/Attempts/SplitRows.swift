internal import Scoring

/// The rows of the four periods.
struct SplitRows {
    var training = LabelledRows()
    var validation = LabelledRows()
    var calibration = LabelledRows()
    var test = LabelledRows()
    /// Which job each test row is of, and which other jobs there are; only where the truth is to be looked up.
    private(set) var jobs: JobIndex?

    /// Reads everything a second time, now that schema and periods are known.
    init(
        _ source: AttemptSource, survey: AttemptSurvey, split: TimeSplit, schema: FeatureSchema, withJobs: Bool,
        progress: (_ rows: Int, _ share: Double) -> Void
    ) throws {
        var log = try AttemptReader(source)
        var replay = HistoryReplay()
        var row = [Float](repeating: .nan, count: schema.featureCount)
        var rows = 0
        if withJobs { jobs = JobIndex() }
        training.reserve(split.rowCounts[TimeSplit.Part.training.rawValue], columnCount: schema.featureCount)
        validation.reserve(split.rowCounts[TimeSplit.Part.validation.rawValue], columnCount: schema.featureCount)
        calibration.reserve(split.rowCounts[TimeSplit.Part.calibration.rawValue], columnCount: schema.featureCount)
        test.reserve(split.rowCounts[TimeSplit.Part.test.rawValue], columnCount: schema.featureCount)
        while var attempt = try log.next({ replay.hear($0) }) {
            replay.prepare(&attempt)
            defer { replay.conclude(attempt) }
            rows += 1
            if rows % AttemptLog.progressRows == 0 { progress(rows, log.share) }
            guard let status = attempt.status else {
                jobs?.add(attempt.job.jobID, testRow: nil)
                continue
            }
            let notification = survey.notification(of: attempt)
            let part = split.part(of: survey.createdAt(of: attempt))
            jobs?.add(attempt.job.jobID, testRow: part == .test ? test.count : nil)
            let labelled = LabelledAttempt(attempt: attempt, status: status, notification: notification)
            switch part {
            case .training: training.append(labelled, health: replay.health, schema: schema, row: &row)
            case .validation: validation.append(labelled, health: replay.health, schema: schema, row: &row)
            case .calibration: calibration.append(labelled, health: replay.health, schema: schema, row: &row)
            case .test: test.append(labelled, health: replay.health, schema: schema, row: &row)
            }
        }
        guard log.sha256 == survey.sha256 else {
            throw AttemptLogError(source.description, "was changed while it was read; train again")
        }
        guard replay.health.counts.dropped == 0 else {
            throw AttemptLogError(
                source.description,
                "\(replay.health.counts.dropped) outcomes do not fit live health: too many at once, too many providers, or times far apart")
        }
    }

    /// Each period with its name, in the order of time.
    var periods: [(name: String, rows: LabelledRows)] {
        [("training", training), ("validation", validation), ("calibration", calibration), ("test", test)]
    }
}
