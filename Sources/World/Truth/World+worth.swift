package import Scoring

extension World {
    /// The oracle's mean of what an attempt at `time` brings: over the chance that it is delivered and over how long that takes.
    ///
    /// Exact in the chance; the time is averaged over stretches of equal chance while the device is out of reach, and over draws of the
    /// network's latency that no attempt has. Whether the provider is browned out at `time`, which stretches the latency, is taken from the
    /// timeline; the wait in a provider's queue is left out.
    ///
    /// - Parameters:
    ///   - time: when the attempt is made, ≥ `now`.
    ///   - now: when the decision is taken.
    ///   - worth: of a delivery so many milliseconds after the attempt.
    package func trueMean(
        of pending: PendingAttempt, through provider: Int, at time: Timestamp, seenFrom now: Timestamp, loads: ProviderLoads,
        worth: (Int64) -> Double
    ) -> Double {
        let chance = trueProbability(of: pending, through: provider, at: time, seenFrom: now, loads: loads)
        guard chance > 0 else { return 0 }
        let route = providers[provider]
        let isBrownedOut = incidents.brownOutPhase(of: provider, at: time) != .quiet
        let holds = reachability.holds(for: pending, in: countries[pending.country], through: route, at: time, stretches: 6)
        let key = hiddenKey[.attempt][pending.notification][UInt64(pending.previousAttempts)][UInt64(provider)][.max]
        var sum = 0.0
        var reached = 0.0
        for (number, hold) in holds.enumerated() {
            let draws: UInt64 = number == 0 ? 8 : 2
            var mean = 0.0
            for draw in 0..<draws {
                let latency = latency.answered(by: route, isBrownedOut: isBrownedOut, waiting: 0, key: key[UInt64(number)][draw])
                mean += worth(latency + hold.milliseconds) / Double(draws)
            }
            sum += hold.chance * mean
            reached += hold.chance
        }
        return reached > 0 ? chance * sum / reached : 0
    }
}
