internal import Scoring

/// The four periods of a data set, by the creation of the notification.
struct TimeSplit {
    /// The trees are fitted to `training`, their number to `validation`, the calibration to `calibration`; `test` only measures.
    enum Part: Int, CaseIterable {
        case training
        case validation
        case calibration
        case test
    }

    let validationFrom: Timestamp
    let calibrationFrom: Timestamp
    let testFrom: Timestamp
    /// Rows of each part with an outcome, by `Part.rawValue`.
    let rowCounts: [Int]

    func part(of createdAt: Timestamp) -> Part {
        if createdAt < validationFrom { return .training }
        if createdAt < calibrationFrom { return .validation }
        return createdAt < testFrom ? .calibration : .test
    }
}
