/// A season of the world.
///
/// Raw values are the words of `--scenario`.
package enum Scenario: String, CaseIterable, Sendable {
    /// Ordinary weeks.
    case `default`
    /// The largest SMS provider goes down, the largest mail provider an hour later; the largest push provider browns out.
    case outage
    /// Qualities drift three times as far, and the largest provider of each channel changes for the worse at once.
    case drift
    /// A wave of traffic meets less capacity.
    case overload
    /// A sale: marketing floods, people are up late, filters are strict.
    case holiday
}
