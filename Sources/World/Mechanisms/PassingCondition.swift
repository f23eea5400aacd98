import Scoring

/// A condition that holds for a share of the time and changes without memory: what a failure says about the next minutes.
///
/// The building block of every condition of a recipient, a route or a message that passes by itself.
struct PassingCondition: Sendable {
    private let process: RenewalProcess

    /// - Parameter meanMilliseconds: mean time until the condition is drawn anew.
    init(key: SeedKey, meanMilliseconds: Int64) {
        process = RenewalProcess(key: key, meanMilliseconds: meanMilliseconds)
    }

    /// Whether the condition with share `share` holds for `entity` at `time`.
    func holds(for entity: UInt64, share: Double, at time: Timestamp) -> Bool {
        share > 0 && process.level(of: entity, at: time) < share
    }

    /// Chance that it holds at `time`, knowing how it stood when it was last met; never met = its share.
    func chance(share: Double, at time: Timestamp, found: Findings.Finding?, shareThen: Double? = nil) -> Double {
        guard let found, share > 0 else { return share }
        return process.chance(share: share, elapsed: time - found.at, held: found.held, shareThen: shareThen ?? share)
    }

    /// When the condition, holding at `time`, ends; `nil` if not before `latest`.
    func end(for entity: UInt64, share: Double, after time: Timestamp, upTo latest: Timestamp) -> Timestamp? {
        process.firstRelease(of: entity, share: share, after: time, upTo: latest)
    }

    /// Chance that the condition, holding now, still holds after `milliseconds`: it ends at each redraw above the share.
    func survival(over milliseconds: Int64, share: Double) -> Double {
        Exact.exp(-Double(max(0, milliseconds)) * (1 - share) / Double(process.meanMilliseconds))
    }

    /// Milliseconds after which it still holds with chance `survival`, in (0, 1], holding now: the inverse of the one above.
    func time(untilSurvival survival: Double, share: Double) -> Int64 {
        guard share < 1 else { return .max }
        return Int64(-Exact.log(survival) * Double(process.meanMilliseconds) / (1 - share))
    }
}
