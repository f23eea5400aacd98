/// The actions among which the policy chooses for one job.
package enum CandidateActions {
    /// Most actions of one job: every provider, now or after each step.
    package static let maximumCount = Job.maximumProviderCount * (DelayLadder.maximumStepCount + 1)

    /// Now and every step of the ladder that fits, through each permitted provider but one that has failed for good; by
    /// provider, then by delay.
    ///
    /// - Parameters:
    ///   - patience: milliseconds after `send_time` beyond which a due attempt is not put off; now is always among the actions.
    package static func all(for job: Job, at now: Timestamp, ladder: DelayLadder, patience: Int64) -> [CandidateAction] {
        var actions: [CandidateAction] = []
        append(for: job, at: now, ladder: ladder, patience: patience, to: &actions)
        return actions
    }

    /// The same, appended to `actions`; returns the number of delays, the same for every provider.
    @discardableResult
    static func append(
        for job: Job, at now: Timestamp, ladder: DelayLadder, patience: Int64, to actions: inout [CandidateAction]
    ) -> Int {
        let latest = job.sendTime + patience
        let fitting = ladder.steps.prefix { step in
            let attemptAt = now + step.milliseconds
            return attemptAt <= latest && job.expiresAt.map { attemptAt < $0 } ?? true
        }
        for providerIndex in job.providers.indices {
            // Another route may do what this one never will.
            if job.hasFailedForGood, job.providers[providerIndex] == job.provider { continue }
            actions.append(CandidateAction(delayMilliseconds: 0, providerIndex: providerIndex))
            for step in fitting {
                actions.append(CandidateAction(delayMilliseconds: step.milliseconds, providerIndex: providerIndex))
            }
        }
        return fitting.count + 1
    }
}
