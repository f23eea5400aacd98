/// The policy without a model: exponential backoff over the ladder, with jitter.
struct RulePolicy {
    let policy: PolicyParameters
    let ladder: DelayLadder

    /// Milliseconds to wait, 0 or a step of the ladder, for a job that no override has decided.
    ///
    /// A first attempt is made at once. Attempt n + 1 is due one ladder step after attempt n (the n-th step, the last one after that),
    /// times a jitter in [0.5, 1.5) that follows from the job's id. The job is not put off beyond its expiry.
    func delay(of job: Job, at now: Timestamp) -> Int64 {
        guard job.previousAttempts > 0 else { return 0 }
        let step = ladder.backoff(afterFailures: job.previousAttempts)
        let backoff = Int64(Double(step.milliseconds) * (0.5 + Self.unitHash(of: job.jobID)))
        // A last attempt that claims to be in the future must not put the job off again and again.
        let dueAt = min(job.lastAttemptAt ?? job.sendTime, job.sendTime) + backoff
        let remaining = dueAt - now
        guard Double(remaining) > policy.dueToleranceSeconds * 1000 else { return 0 }
        // Rather a little late than no pause at all.
        let wait = (ladder.step(notBeyond: remaining) ?? ladder.steps[0]).milliseconds
        if let expiresAt = job.expiresAt, now + wait >= expiresAt { return 0 }
        return wait
    }

    /// A number in [0, 1) that looks random and follows from the text: FNV-1a, then the finaliser of SplitMix64.
    static func unitHash(of text: String) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        hash ^= hash >> 31
        return Double(hash >> 11) * 0x1p-53
    }
}
