internal import Scoring

/// The three periods of a data set, by the creation of the notification.
struct TimeSplit {
    /// The model's trees are fitted to `training`, their number to `validation`; `test` only measures.
    enum Part: Int, CaseIterable {
        case training
        case validation
        case test
    }

    let validationFrom: Timestamp
    let testFrom: Timestamp

    func part(of createdAt: Timestamp) -> Part {
        if createdAt < validationFrom { return .training }
        return createdAt < testFrom ? .validation : .test
    }
}
