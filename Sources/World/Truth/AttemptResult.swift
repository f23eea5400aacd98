package import Scoring

/// How an attempt ended: what the caller sees, and beside it what only the world knows.
package struct AttemptResult: Equatable, Sendable {
    package var status: DeliveryStatus
    /// SMTP (email) or HTTP code; `nil` where no answer came.
    package var responseCode: Int?
    /// Whole milliseconds from the attempt to its outcome.
    package var latencyMilliseconds: Int64
    /// Truth: chance of success, given the hidden state just before the attempt.
    package var trueProbability: Double
    /// Truth: why it failed; `nil` if it did not.
    package var cause: FailureCause?

    package init(
        status: DeliveryStatus, responseCode: Int?, latencyMilliseconds: Int64, trueProbability: Double, cause: FailureCause?
    ) {
        self.status = status
        self.responseCode = responseCode
        self.latencyMilliseconds = latencyMilliseconds
        self.trueProbability = trueProbability
        self.cause = cause
    }

    /// Whether the message arrived.
    package var isDelivered: Bool { status == .delivered }
}
