package import Scoring

/// One row of the dataset, and beside it the truth, which is never written.
package struct LoggedAttempt: Sendable {
    package let new: NewNotification
    /// The state when the decision was taken.
    package let pending: PendingAttempt
    /// When the decision was taken.
    package let sendTime: Timestamp
    package let lastStatus: DeliveryStatus
    package let lastResponseCode: Int?
    /// Milliseconds; `nil` before the first attempt.
    package let lastLatencyMilliseconds: Int64?
    package let choice: LoggingPolicy.Choice
    /// Truth: the oracle's chance at the time of the decision; NaN if it was not asked for.
    package let trueProbability: Double
    /// Truth: the providers' queues at the time of the decision; `nil` if the truth was not asked for.
    package let loads: ProviderLoads?
    package internal(set) var result: AttemptResult?
}
