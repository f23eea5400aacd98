internal import Scoring

/// An attempt with an outcome.
struct LabelledAttempt {
    let attempt: Attempt
    let status: DeliveryStatus
    /// Number of its notification.
    let notification: Int
}

/// Feature rows with what came of them.
struct LabelledRows {
    /// Row-major, missing = NaN.
    private(set) var features: [Float] = []
    /// 1 = delivered, 0 = not.
    private(set) var labels: [Float] = []
    /// A number for each row's notification: the rows of one are no independent observations.
    private(set) var notifications: [Int] = []

    /// How many of the rows are attempts as they came back; see `Returns`.
    private(set) var returnCount = 0

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
    ///
    /// - Parameter health: as it stood when the decision was taken.
    mutating func append(
        _ labelled: LabelledAttempt, isReturn: Bool = false, health: borrowing LiveHealth, schema: FeatureSchema, row: inout [Float]
    ) {
        let attempt = labelled.attempt
        var span = row.mutableSpan
        schema.row(job: attempt.job, action: attempt.action, decidedAt: attempt.decidedAt, health: health, into: &span)
        features.append(contentsOf: row)
        labels.append(labelled.status == .delivered ? 1 : 0)
        notifications.append(labelled.notification)
        returnCount += isReturn ? 1 : 0
    }

    /// As measurements take them; there must be rows.
    var evaluationRows: EvaluationRows { EvaluationRows(labels: labels, groups: notifications) }

    /// As the manifest describes the period.
    func period(_ name: String) -> Manifest.TrainingRun.Period {
        Manifest.TrainingRun.Period(
            name: name, rows: count - returnCount, returns: returnCount > 0 ? returnCount : nil,
            notifications: Set(notifications).count, rate: rate)
    }
}
