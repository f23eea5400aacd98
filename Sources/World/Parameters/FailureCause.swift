/// Why an attempt failed, as only the world knows it: the caller sees a status and a code.
///
/// In the order in which an attempt meets them; the first that holds decides.
package enum FailureCause: UInt8, CaseIterable, Sendable {
    /// The world has no such provider for the channel.
    case unknownRoute
    case payloadTooLarge
    case overCapacity
    case outage
    case brownOut
    /// Trouble on the way from one provider into one country.
    case regionalTrouble
    /// A passing fault in the provider's network.
    case routeFault
    case invalidAddress
    case blockedByRecipient
    /// The provider's or the host's content filter.
    case spamFilter
    /// The destination carrier's filter, whichever provider delivers.
    case carrierFilter
    /// A passing fault at the recipient's host or carrier.
    case hostFault
    case greylisting
    case mailboxFull
    /// The recipient's host or device limits how often it is written to.
    case frequencyLimit
    /// Anything else, independent from attempt to attempt.
    case accident
    /// Device off or out of reach for longer than the provider waits.
    case offline
}
