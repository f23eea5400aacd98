/// One run of one policy: its measures, and delivery over time.
package struct PolicyRun: Codable, Equatable, Sendable {
    package var measures: PolicyMeasures
    /// Length of a bucket of the series below.
    package var bucketSeconds: Double
    /// Notifications by the bucket of their creation, from the start of the evaluation.
    package var created: [Int]
    /// Of these, those delivered before their expiry, whenever that was.
    package var delivered: [Int]
}
