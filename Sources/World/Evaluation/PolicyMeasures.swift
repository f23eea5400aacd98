/// What one run of one policy came to.
package struct PolicyMeasures: Codable, Equatable, Sendable {
    /// Notifications created.
    package var notifications = 0
    /// Share delivered before their expiry.
    package var deliveredShare = 0.0
    /// Points per notification: value of what was delivered less the cost of all attempts.
    package var utility = 0.0
    /// Median seconds from creation to delivery.
    package var medianSecondsToDelivery = 0.0
    package var attemptsPerDelivery = 0.0
    /// Price of all attempts per delivery, in thousandths of a currency unit.
    package var pricePerDelivery = 0.0
    /// Attempts after one that had already met a bad address or a recipient's refusal, per 1000 notifications.
    package var wastedRetriesPerThousand = 0.0
    /// Of these, those after a status that says so: what no policy needs to be told twice.
    package var recognisablyWastedPerThousand = 0.0
    /// Most attempts offered to a provider in ten minutes, as a multiple of what it can carry out; the worst provider's.
    package var peakLoad = 0.0
    /// The same, of ten minutes in which a provider recovers from an outage or brown-out, or has done so in the half-hour before; 0 without.
    package var recoveryLoad = 0.0
    /// Share of attempts refused for want of capacity.
    package var throttledShare = 0.0

    package init() {}
}
