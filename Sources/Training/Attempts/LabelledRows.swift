internal import Scoring

/// Feature rows with what came of them.
struct LabelledRows {
    /// Row-major, missing = NaN.
    private(set) var features: [Float] = []
    /// 1 = delivered, 0 = not.
    private(set) var labels: [Float] = []
    /// A number for each row's notification: the rows of one are no independent observations.
    private(set) var notifications: [Int] = []

    var count: Int { labels.count }

    /// Share of delivered rows; NaN without rows.
    var rate: Double {
        Double(labels.reduce(into: 0) { $0 += Int($1) }) / Double(count)
    }

    /// Makes room for so many rows, so that the matrix is never copied while it grows.
    mutating func reserve(_ rows: Int, columnCount: Int) {
        features.reserveCapacity(rows * columnCount)
        labels.reserveCapacity(rows)
        notifications.reserveCapacity(rows)
    }

    /// Adds the row of an attempt with an outcome, by the feature function that scoring uses.
    mutating func append(
        _ attempt: Attempt, status: DeliveryStatus, notification: Int, schema: FeatureSchema, row: inout [Float]
    ) {
        var span = row.mutableSpan
        schema.row(job: attempt.job, action: attempt.action, decidedAt: attempt.decidedAt, into: &span)
        features.append(contentsOf: row)
        labels.append(status == .delivered ? 1 : 0)
        notifications.append(notification)
    }

    /// As measurements take them; there must be rows.
    var evaluationRows: EvaluationRows { EvaluationRows(labels: labels, groups: notifications) }

    /// As the manifest describes the period.
    func period(_ name: String) -> Manifest.TrainingRun.Period {
        Manifest.TrainingRun.Period(name: name, rows: count, notifications: Set(notifications).count, rate: rate)
    }
}
