import Scoring

/// What a delivery is worth: the template's value, halved for each half-life since creation, nothing after expiry.
struct DeliveryValue: Sendable {
    let parameters: PolicyParameters

    /// Points for a delivery of `job` at `time`.
    func value(of job: Job, at time: Timestamp) -> Double {
        if let expiresAt = job.expiresAt, time > expiresAt { return 0 }
        let terms = parameters.templates[job.templateType]
        let halfLives = Double(max(0, time - job.createdAt)) / 1000 / terms.halfLifeSeconds
        return terms.value * Exact.exp(-0.693_147_180_559_945_3 * halfLives)
    }
}
