/// What a draw is for: each mechanism has a branch of the seed of its own.
///
/// Raw values are part of the world's version: another number is another world.
enum Purpose: UInt64 {
    case incidents = 1
    case quality
    case addresses
    case greylisting
    case mailbox
    case frequencyLimit
    case hostFault
    case spamFilter
    case carrierFilter
    case reachability
    case attempt = 20
    /// Names of notifications and recipients.
    case identity
    case traffic
    case bursts
    case logging
    case simulation
}

extension SeedKey {
    /// The branch for one purpose.
    subscript(purpose: Purpose) -> SeedKey {
        self[purpose.rawValue]
    }
}
