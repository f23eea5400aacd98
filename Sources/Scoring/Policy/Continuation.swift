/// What is still to be had of a job after an attempt has failed.
///
/// The job's own table of actions, looked at again: with n attempts left after the failure of the attempt at delay d through route r,
///
///     W_n(d, r) = max(0, max over d' ≥ d + τ, all r' of  q · v(d') − c + (1 − q) · W_{n−1}(d', r')),   W_0 = 0
///     q = p(d', r') · (1 − κ · 2^(−(d' − d) / h))
///
/// p is the model's chance of that attempt as it looks now, τ the time until a failure is known. A failure is news: it takes the share κ of
/// the chance right after it, κ being larger through the same route than through another, and half of that is over after h. Without it W
/// is too high, with W = 0 a policy waits for one good attempt instead of trying; both cost more than what is neglected here: that the
/// failure before the last says something too, that the next decision will know more, and that steps beyond the ladder exist.
/// Backward induction over the ladder, at most `levels` attempts deep.
struct Continuation: Sendable {
    /// Attempts that are looked ahead; what a fourth one adds is below the noise of the first three.
    static let levels = 3

    /// The buffers of one thread.
    struct Scratch: Sendable {
        /// By route, then by delay: gain and loss of an attempt as the last induction step left them.
        var slope: [Double] = []
        var offset: [Double] = []
        /// W by route, then by delay.
        var worth: [Double] = []
    }

    /// What is left of the chance at ladder place `j` after a failure at `i`, by place `i`, then `j`; −1 where the failure is not known yet.
    private struct Fading {
        var same: [Double]
        var other: [Double]
    }

    private let placeCount: Int
    private let email: Fading
    private let sms: Fading
    private let push: Fading

    init(policy: PolicyParameters, ladder: DelayLadder) {
        let delays = [0] + ladder.steps.map(\.milliseconds)
        func fading(_ news: PolicyParameters.FailureNews) -> Fading {
            var fading = Fading(same: [], other: [])
            for failed in delays {
                for next in delays {
                    let seconds = Double(next - failed) / 1000
                    guard seconds > 0, seconds >= news.knownAfterSeconds else {
                        fading.same.append(-1)
                        fading.other.append(-1)
                        continue
                    }
                    let remaining = Decay.remaining(afterHalfLives: seconds / news.halfLifeSeconds)
                    fading.same.append(1 - news.sameRoute * remaining)
                    fading.other.append(1 - news.otherRoute * remaining)
                }
            }
            return fading
        }
        placeCount = delays.count
        email = fading(policy.channels.email.news)
        sms = fading(policy.channels.sms.news)
        push = fading(policy.channels.push.news)
    }

    /// Fills `scratch.worth` for actions by route, then by delay, `delayCount` delays from the ladder's beginning for each route.
    ///
    /// - Parameters:
    ///   - values: points for a delivery after each delay.
    ///   - attempts: that are left after this one.
    func compute(
        _ actions: [ScoredAction], values: [Double], delayCount: Int, cost: Double, channel: Channel, attempts: Int,
        scratch: inout Scratch
    ) {
        let count = actions.count
        scratch.worth.removeAll(keepingCapacity: true)
        scratch.worth.append(contentsOf: repeatElement(0, count: count))
        guard attempts > 0, delayCount > 1 else { return }
        let fading =
            switch channel {
            case .email: email
            case .sms: sms
            case .push: push
            }
        for _ in 0..<min(attempts, Self.levels) {
            scratch.slope.removeAll(keepingCapacity: true)
            scratch.offset.removeAll(keepingCapacity: true)
            for index in 0..<count {
                let after = scratch.worth[index]
                scratch.slope.append(Double(actions[index].probability) * (values[index % delayCount] - after))
                scratch.offset.append(after - cost)
            }
            for index in 0..<count {
                scratch.worth[index] = best(after: index, count: count, delayCount: delayCount, fading, scratch)
            }
        }
    }

    private func best(after failed: Int, count: Int, delayCount: Int, _ fading: Fading, _ scratch: Scratch) -> Double {
        let place = failed % delayCount
        let route = failed - place
        var best = 0.0
        for next in (place + 1)..<max(place + 1, delayCount) {
            let same = fading.same[place * placeCount + next]
            guard same >= 0 else { continue }
            let other = fading.other[place * placeCount + next]
            for start in stride(from: 0, to: count, by: delayCount) {
                let left = start == route ? same : other
                let worth = left * scratch.slope[start + next] + scratch.offset[start + next]
                if worth > best { best = worth }
            }
        }
        return best
    }
}
