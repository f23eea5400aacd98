/// Spreads jobs over time although the ladder has few steps; deterministic in the job's id.
package struct DelaySpread: Sendable {
    package let ladder: DelayLadder

    package init(ladder: DelayLadder) {
        self.ladder = ladder
    }

    /// A step of the ladder, or 0, near `milliseconds`: over many jobs the mean is the wanted delay.
    ///
    /// With a ≤ d ≤ b for the steps on both sides (0 counts as one), b is taken with probability (d − a) / (b − a), by hash of the job's id.
    /// Beyond the last step it is the last one.
    ///
    /// - Parameter round: draws anew for the same job, such as its number of attempts.
    package func step(near milliseconds: Int64, for jobID: String, round: Int = 0) -> Int64 {
        guard milliseconds > 0 else { return 0 }
        guard let upper = ladder.steps.first(where: { $0.milliseconds >= milliseconds })?.milliseconds else {
            return ladder.steps[ladder.steps.count - 1].milliseconds
        }
        let lower = ladder.step(notBeyond: milliseconds)?.milliseconds ?? 0
        guard upper > lower else { return upper }
        let chance = Double(milliseconds - lower) / Double(upper - lower)
        return Lot.unit(jobID, for: .step, round: UInt64(bitPattern: Int64(round))) < chance ? upper : lower
    }

    /// When a job that waits for its route to be free should come back: after `wait`, plus a share of `spread` that follows from its id.
    ///
    /// All jobs that wait for one route come back evenly over `spread`, not at once. Milliseconds, not a step: see `step(near:for:)`.
    package func comeback(after wait: Int64, spread: Int64, for jobID: String, round: Int = 0) -> Int64 {
        wait + Int64(Double(max(0, spread)) * Lot.unit(jobID, for: .spread, round: UInt64(bitPattern: Int64(round))))
    }
}
