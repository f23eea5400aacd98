package import Scoring

extension World {
    /// Makes one attempt: the line a message walks through the world, first failure decides.
    ///
    /// Deterministic in (seed, notification, attempt number, provider, time) and the queues. Attempts must be made in time order;
    /// one that comes late counts as made at the queue's time.
    package func attempt(
        _ pending: PendingAttempt, through provider: Int, at time: Timestamp, loads: inout ProviderLoads
    ) -> AttemptResult {
        let truth = trueProbability(of: pending, through: provider, at: time, seenFrom: time, loads: loads)
        var result = outcome(of: pending, through: provider, at: time, loads: &loads)
        result.trueProbability = truth
        return result
    }

    /// As `attempt`, without the truth: for whoever has no use for it.
    func outcome(
        of pending: PendingAttempt, through provider: Int, at time: Timestamp, loads: inout ProviderLoads
    ) -> AttemptResult {
        let coins = coins(pending, provider, time)
        let route = providers[provider]
        guard route.channel == pending.channel else { return failed(.unknownRoute, pending, provider, time, coins) }
        if pending.payloadSize > route.payloadLimit { return failed(.payloadTooLarge, pending, provider, time, coins) }
        guard let wait = capacities[provider].offer(to: &loads.queues[provider], at: time, coin: coins[1].uniform) else {
            return failed(.overCapacity, pending, provider, time, coins)
        }
        if let cause = obstacle(to: pending, through: provider, at: time, coins) {
            return failed(cause, pending, provider, time, coins, waiting: wait)
        }
        let verdict = reachability.verdict(for: pending, in: countries[pending.country], through: route, at: time)
        guard case .reached(let held) = verdict else { return failed(.offline, pending, provider, time, coins) }
        let isBrownedOut = incidents.brownOutPhase(of: provider, at: time) != .quiet
        let latency = latency.answered(by: route, isBrownedOut: isBrownedOut, waiting: wait, key: coins[6])
        return AttemptResult(
            status: .delivered, responseCode: pending.channel == .email ? 250 : 200, latencyMilliseconds: latency + held,
            trueProbability: .nan, cause: nil)
    }

    /// Why an attempt fails, whatever the provider's queue says; `nil` if nothing else stops it.
    func cause(of pending: PendingAttempt, through provider: Int, at time: Timestamp) -> FailureCause? {
        let route = providers[provider]
        guard route.channel == pending.channel else { return .unknownRoute }
        if pending.payloadSize > route.payloadLimit { return .payloadTooLarge }
        if let cause = obstacle(to: pending, through: provider, at: time, coins(pending, provider, time)) { return cause }
        let verdict = reachability.verdict(for: pending, in: countries[pending.country], through: route, at: time)
        return verdict == .expired ? .offline : nil
    }

    /// The draws of one attempt.
    private func coins(_ pending: PendingAttempt, _ provider: Int, _ time: Timestamp) -> SeedKey {
        hiddenKey[.attempt][pending.notification][UInt64(pending.previousAttempts)][UInt64(provider)][signed: time.milliseconds]
    }

    /// What stands between the provider's queue and the recipient's device, if anything.
    private func obstacle(to pending: PendingAttempt, through provider: Int, at time: Timestamp, _ coins: SeedKey) -> FailureCause? {
        if let cause = incident(on: pending, through: provider, at: time, coins) { return cause }
        if let cause = refusal(of: pending, through: provider, at: time) { return cause }
        return coins[5].uniform < parameters.accident ? .accident : nil
    }

    /// The incident that stops the attempt, if one does.
    private func incident(on pending: PendingAttempt, through provider: Int, at time: Timestamp, _ coins: SeedKey) -> FailureCause? {
        if coins[2].uniform >= incidents.passingOutage(of: provider, at: time) { return .outage }
        if coins[3].uniform >= incidents.passingBrownOut(of: provider, at: time) { return .brownOut }
        let region = incidents.passingRegion(of: provider, country: pending.country, at: time)
        return coins[4].uniform >= region ? .regionalTrouble : nil
    }

    /// What recipient, content or route hold against the message, if anything.
    private func refusal(of pending: PendingAttempt, through provider: Int, at time: Timestamp) -> FailureCause? {
        let country = countries[pending.country]
        if quality.isFaulty(for: pending, through: provider, at: time) { return .routeFault }
        if addresses.isInvalid(pending, in: country) { return .invalidAddress }
        if addresses.isBlocked(pending, in: country) { return .blockedByRecipient }
        if spamFilter.holds(for: pending, through: provider, at: time) { return .spamFilter }
        if carrierFilter.holds(for: pending, in: country, at: time) { return .carrierFilter }
        if hostFault.holds(for: pending, in: country, at: time) { return .hostFault }
        if greylisting.holds(for: pending, in: country, through: provider, at: time) { return .greylisting }
        if mailbox.isFull(for: pending, at: time) { return .mailboxFull }
        return frequencyLimit.holds(for: pending, at: time) ? .frequencyLimit : nil
    }

    private func failed(
        _ cause: FailureCause, _ pending: PendingAttempt, _ provider: Int, _ time: Timestamp, _ coins: SeedKey, waiting: Double = 0
    ) -> AttemptResult {
        let route = providers[provider]
        let answer = answers.answer(of: provider, to: cause, draw: coins[7].uniform)
        let milliseconds: Int64
        if answer.status == .timeout {
            let hold = Reachability.hold(of: pending, through: route, at: time)
            milliseconds = latency.unanswered(by: route, code: answer.code, hold: hold)
        } else {
            milliseconds = latency.answered(by: route, isBrownedOut: cause == .brownOut, waiting: waiting, key: coins[6])
        }
        return AttemptResult(
            status: answer.status, responseCode: answer.code, latencyMilliseconds: milliseconds, trueProbability: .nan, cause: cause)
    }
}
