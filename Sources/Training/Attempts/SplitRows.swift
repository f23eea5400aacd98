internal import Scoring

/// The rows of the four periods.
struct SplitRows {
    var training: LabelledRows
    var validation: LabelledRows
    var calibration: LabelledRows
    var test: LabelledRows
    /// Which job each test row is of, and which other jobs there are; only where the truth is to be looked up.
    let jobs: JobIndex?

    /// What is read beside the four periods.
    struct Extras {
        /// Which job each test row is of.
        var jobs = false
        /// Delayed attempts as they came back, for training and validation; see `LogMoments.Moment.returned`.
        var returns = false
    }

    /// Reads everything a second time, now that schema and periods are known.
    init(
        _ source: AttemptSource, survey: AttemptSurvey, split: TimeSplit, schema: FeatureSchema, extras: Extras = Extras(),
        progress: (_ rows: Int, _ share: Double) -> Void
    ) throws {
        var log = try AttemptReader(source)
        var collector = RowCollector(survey: survey, split: split, schema: schema, extras: extras)
        var rows = 0
        while let attempt = try log.next({ collector.hear($0) }) {
            collector.add(attempt)
            rows += 1
            if rows % AttemptLog.progressRows == 0 { progress(rows, log.share) }
        }
        guard log.sha256 == survey.sha256 else {
            throw AttemptLogError(source.description, "was changed while it was read; train again")
        }
        guard collector.droppedOutcomes == 0 else {
            throw AttemptLogError(
                source.description,
                "\(collector.droppedOutcomes) outcomes do not fit live health: too many at once, too many providers, or times far apart")
        }
        (training, validation, calibration, test) = (
            collector.parts[0], collector.parts[1], collector.parts[2], collector.parts[3]
        )
        jobs = collector.jobs
    }

    /// Each period with its name, in the order of time.
    var periods: [(name: String, rows: LabelledRows)] {
        [("training", training), ("validation", validation), ("calibration", calibration), ("test", test)]
    }
}
