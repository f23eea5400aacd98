package import Scoring

/// What the world knows of one delivery provider.
package struct Provider: Sendable {
    /// As in the job's `provider`.
    package let name: String
    package let channel: Channel
    /// Share of the channel's notifications that start with this provider.
    package let share: Double
    /// Log-odds of passing the provider's own network in an average country.
    package let quality: Double
    /// Capacity as a multiple of the provider's mean first-attempt load.
    package let headroom: Double
    /// Median latency of an attempt that is answered.
    package let latencyMilliseconds: Double
    /// After this the caller gives up waiting for an answer.
    package let timeoutMilliseconds: Double
    /// How long an accepted message waits for a recipient who is offline; 0 for mail.
    package let holdMilliseconds: Int64
    /// Largest payload that the provider takes, in bytes.
    package let payloadLimit: Int
    /// Multiple of the general share of messages that the provider's content filter takes for spam.
    package let filterStrictness: Double
    /// Price of one attempt in thousandths of a currency unit.
    package let price: Double
    /// The answers that this provider gives in its own way.
    package let dialect: [FailureCause: [Answer]]

    init(
        _ name: String, _ channel: Channel, share: Double, quality: Double, headroom: Double, latencyMilliseconds: Double,
        timeoutMilliseconds: Double, holdMilliseconds: Int64 = 0, payloadLimit: Int, filterStrictness: Double, price: Double,
        dialect: [FailureCause: [Answer]] = [:]
    ) {
        self.name = name
        self.channel = channel
        self.share = share
        self.quality = quality
        self.headroom = headroom
        self.latencyMilliseconds = latencyMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.holdMilliseconds = holdMilliseconds
        self.payloadLimit = payloadLimit
        self.filterStrictness = filterStrictness
        self.price = price
        self.dialect = dialect
    }
}
