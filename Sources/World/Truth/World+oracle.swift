package import Scoring

extension World {
    /// The oracle: the true chance that an attempt at `time` succeeds, given the hidden state at `now`.
    ///
    /// It knows every route's quality, the phase of every incident, the queues and every bad address. Of what passes by itself
    /// (faults, greylisting, full mailboxes, filters, devices out of reach) it knows what this notification's attempts have met, as
    /// if it were told the true cause of each failure. It does not know the future, nor what no attempt has met yet: for these it
    /// has the exact distribution. So this is the best prediction that anybody could make, and its log loss the least possible.
    ///
    /// - Parameters:
    ///   - time: when the attempt is made, ≥ `now`.
    ///   - now: when the decision is taken.
    package func trueProbability(
        of pending: PendingAttempt, through provider: Int, at time: Timestamp, seenFrom now: Timestamp, loads: ProviderLoads
    ) -> Double {
        let route = providers[provider]
        guard route.channel == pending.channel, pending.payloadSize <= route.payloadLimit else { return 0 }
        let country = countries[pending.country]
        if addresses.isInvalid(pending, in: country) || addresses.isBlocked(pending, in: country) { return 0 }
        var chance = capacities[provider].acceptance(of: loads.queues[provider], at: time, seenFrom: now)
        chance *= incidents.chanceOfPassing(through: provider, into: pending.country, at: time, seenFrom: now)
        chance *= 1 - quality.chance(for: pending, through: provider, at: time)
        chance *= 1 - spamFilter.chance(for: pending, through: provider, at: time)
        chance *= 1 - hostFault.chance(for: pending, in: country, at: time)
        chance *= 1 - frequencyLimit.chance(for: pending, at: time)
        switch pending.channel {
        case .email:
            chance *= 1 - greylisting.chance(for: pending, in: country, through: provider, at: time)
            chance *= 1 - mailbox.chance(for: pending, at: time)
        case .sms:
            chance *= 1 - carrierFilter.chance(for: pending, in: country, at: time)
            chance *= 1 - reachability.chanceOfExpiry(for: pending, in: country, through: route, at: time)
        case .push:
            chance *= 1 - reachability.chanceOfExpiry(for: pending, in: country, through: route, at: time)
        }
        return chance * (1 - parameters.accident)
    }
}
