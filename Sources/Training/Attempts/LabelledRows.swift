internal import Scoring

/// Feature rows with what came of them.
struct LabelledRows {
    /// Row-major, missing = NaN.
    private(set) var features: [Float] = []
    /// 1 = delivered, 0 = not.
    private(set) var labels: [Float] = []

    var count: Int { labels.count }

    /// Share of delivered rows; NaN without rows.
    var rate: Double {
        Double(labels.reduce(into: 0) { $0 += Int($1) }) / Double(count)
    }

    /// Adds the row of an attempt with an outcome, by the feature function that scoring uses.
    mutating func append(_ attempt: Attempt, status: DeliveryStatus, schema: FeatureSchema, row: inout [Float]) {
        var span = row.mutableSpan
        schema.row(job: attempt.job, action: attempt.action, decidedAt: attempt.decidedAt, into: &span)
        features.append(contentsOf: row)
        labels.append(status == .delivered ? 1 : 0)
    }
}

/// The rows of the three periods.
struct SplitRows {
    var training = LabelledRows()
    var validation = LabelledRows()
    var test = LabelledRows()

    /// Reads the file a second time, now that schema and periods are known.
    init(
        path: String, survey: AttemptSurvey, split: TimeSplit, schema: FeatureSchema,
        progress: (_ rows: Int, _ share: Double) -> Void
    ) throws(AttemptLogError) {
        var log = try AttemptLog(path: path)
        var row = [Float](repeating: .nan, count: schema.featureCount)
        var rows = 0
        while let attempt = try log.next() {
            rows += 1
            if rows % AttemptLog.progressRows == 0 { progress(rows, log.share) }
            guard let status = attempt.status else { continue }
            switch split.part(of: survey.createdAt(of: attempt)) {
            case .training: training.append(attempt, status: status, schema: schema, row: &row)
            case .validation: validation.append(attempt, status: status, schema: schema, row: &row)
            case .test: test.append(attempt, status: status, schema: schema, row: &row)
            }
        }
        guard log.sha256() == survey.sha256 else {
            throw AttemptLogError(path, "the file was changed while it was read")
        }
    }
}
