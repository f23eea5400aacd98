/// Which loss a second is high, and which is low, by what recent jobs lose.
///
/// Serving what loses most a second first minimises what is lost altogether (the c·μ rule: Cox and Smith, *Queues*, 1961, section 3.3; μ is
/// the same for all jobs here), but fixed thresholds make everything urgent in an emergency and nothing on a quiet day. So the thresholds
/// are quantiles of the losses of recent jobs: at most `highShare` of them are high, at most `lowShare` low, however the load changes.
/// Downwards they stay within `maximumFactor` of the fixed thresholds of `PolicyParameters`, which count alone until enough jobs were seen.
/// Upwards the threshold of high goes as far as the load demands, but not beyond what ageing grants to a job of the fixed threshold.
///
/// **Ties.** Where the share ends amid jobs that are alike (in one bin), so many of them are high as still fit, drawn by their ids: of jobs
/// that all lose the same, `highShare` are high, and not none or all.
///
/// **Ageing.** A job that has waited w seconds since it was due counts as
///
///     loss · 2^(min(w / age step, maximum doublings))
///
/// so that whatever waits behind more urgent jobs overtakes them in the end. The scale sees the aged losses, so ageing makes no inflation.
///
/// **Sketch.** A histogram with four bins to the power of two (a threshold is off by at most a fifth), forward-decayed over event time:
/// constant memory, an addition a job. It holds this scorer's own jobs; several scorers on a queue see samples of the same load.
package struct PriorityScale: Equatable, Sendable {
    /// Losses that priorities are told by, in points a second.
    package struct Thresholds: Equatable, Sendable {
        /// High from here on.
        package var high: Double
        /// Low below here, ≤ `high`.
        package var low: Double

        package init(high: Double, low: Double) {
            self.high = high
            self.low = low
        }

        /// The priority of a job with this (aged) loss.
        package func priority(ofLossPerSecond loss: Double) -> Priority {
            loss >= high ? .high : loss < low ? .low : .normal
        }
    }

    /// Where high begins for every job, and where for those that are drawn from the jobs at the boundary.
    package struct Boundary: Equatable, Sendable {
        /// Of all other jobs.
        package var thresholds: Thresholds
        /// The `high` of those that are drawn, ≤ that of the others.
        package var tiesFrom: Double
        /// Share of the jobs that are drawn, in [0, 1].
        package var tieShare: Double

        /// The thresholds of a job; the same for the same id.
        package func thresholds(for jobID: String) -> Thresholds {
            guard tieShare > 0, Lot.unit(jobID, for: .priority) < tieShare else { return thresholds }
            return Thresholds(high: tiesFrom, low: min(thresholds.low, tiesFrom))
        }
    }

    private static let binsPerOctave = 4
    /// Losses below 2^−40 points a second share the first bin, those from 2^24 on the last.
    private static let lowestExponent = -40
    private static let highestExponent = 24
    private static let binCount = (highestExponent - lowestExponent) * binsPerOctave
    /// Weights are scaled down before they exceed 2^this.
    private static let mostHalfLives = 64.0

    private let terms: ControlParameters.PriorityTerms
    private let fixed: Thresholds
    /// Weights of the jobs in each bin: 2^(half-lives from `landmark` to the job).
    private var bins = [Double](repeating: 0, count: binCount)
    private var total = 0.0
    private var landmark: Timestamp?
    /// Weight of a job at `latest`, the youngest job's time.
    private var weight = 1.0
    private var latest: Timestamp?

    /// - Parameter fixed: the thresholds without evidence.
    package init(_ terms: ControlParameters.PriorityTerms, fixed: Thresholds) {
        self.terms = terms
        self.fixed = fixed
    }

    /// See `ControlParameters.PriorityTerms.aged`.
    package func aged(_ loss: Double, dueAt: Timestamp, now: Timestamp) -> Double {
        terms.aged(loss, dueAt: dueAt, now: now)
    }

    /// Counts a job that loses `loss` (aged) points a second, at `now`; an earlier `now` than the last counts as the last.
    package mutating func note(_ loss: Double, at now: Timestamp) {
        advance(to: now)
        bins[Self.bin(of: loss)] += weight
        total += weight
    }

    /// The clock goes on from `milliseconds` earlier: recent jobs stay as recent as they are, and fade on at the same rate.
    package mutating func setBack(by milliseconds: Int64) {
        landmark = landmark.map { $0 + -milliseconds }
        latest = latest.map { $0 + -milliseconds }
    }

    /// The thresholds by the jobs so far, as of `now`, of a job that is not drawn.
    package func thresholds(at now: Timestamp) -> Thresholds {
        boundary(at: now).thresholds
    }

    /// The same with what jobs at the boundary are drawn by.
    package func boundary(at now: Timestamp) -> Boundary {
        let without = Boundary(thresholds: fixed, tiesFrom: fixed.high, tieShare: 0)
        guard let latest else { return without }
        let fade = Decay.remaining(afterHalfLives: Double(max(0, now - latest)) / (terms.halfLifeSeconds * 1000))
        guard total / weight * fade >= terms.minimumJobs else { return without }
        let end = endOfHigh()
        let (high, tiesFrom) = (boundedHigh(end.above), boundedHigh(end.from))
        let lowest = fixed.low / terms.maximumFactor
        let low = min(max(lowThreshold(), lowest), fixed.low * terms.maximumFactor, high)
        return Boundary(thresholds: Thresholds(high: high, low: low), tiesFrom: tiesFrom, tieShare: tiesFrom < high ? end.share : 0)
    }

    /// The bin in which the share of high jobs ends: its bounds, and the share of its jobs that still fits.
    private func endOfHigh() -> (above: Double, from: Double, share: Double) {
        var above = 0.0
        let wanted = terms.highShare * total
        for bin in stride(from: Self.binCount - 1, through: 0, by: -1) {
            above += bins[bin]
            // A share of 0.2 of five equal weights is all of the fifth, whatever rounding says.
            guard above > wanted * (1 + 1e-9) else { continue }
            let share = max(0, wanted - (above - bins[bin])) / bins[bin]
            return (Self.lowerBound(of: bin + 1), Self.lowerBound(of: bin), share)
        }
        return (0, 0, 0)
    }

    /// The highest bound of a bin below which no more than `lowShare` of the jobs lie.
    private func lowThreshold() -> Double {
        var below = 0.0
        for bin in 0..<Self.binCount {
            below += bins[bin]
            if below > terms.lowShare * total * (1 + 1e-9) { return Self.lowerBound(of: bin) }
        }
        return Self.lowerBound(of: Self.binCount)
    }

    private func boundedHigh(_ threshold: Double) -> Double {
        let granted = fixed.high / Decay.remaining(afterHalfLives: terms.maximumAgeDoublings)
        return min(max(threshold, fixed.high / terms.maximumFactor), granted)
    }

    private mutating func advance(to now: Timestamp) {
        guard let latest, let landmark else {
            self.latest = now
            self.landmark = now
            return
        }
        guard now > latest else { return }
        self.latest = now
        let halfLives = Double(now - landmark) / (terms.halfLifeSeconds * 1000)
        if halfLives < Self.mostHalfLives {
            weight = 1 / Decay.remaining(afterHalfLives: halfLives)
            return
        }
        let remaining = Decay.remaining(afterHalfLives: halfLives)
        for bin in bins.indices { bins[bin] *= remaining }
        total = bins.reduce(0, +)
        weight = 1
        self.landmark = now
    }

    private static func bin(of loss: Double) -> Int {
        guard loss.isNormal, loss > 0 else { return loss == .infinity ? binCount - 1 : 0 }
        let exponent = Int(loss.exponent)
        guard exponent >= lowestExponent else { return 0 }
        guard exponent < highestExponent else { return binCount - 1 }
        return (exponent - lowestExponent) * binsPerOctave + Int((loss.significand - 1) * Double(binsPerOctave))
    }

    /// 0 for the first bin, so that what loses nothing has a place.
    private static func lowerBound(of bin: Int) -> Double {
        guard bin > 0 else { return 0 }
        let (octave, step) = bin.quotientAndRemainder(dividingBy: binsPerOctave)
        return Double(sign: .plus, exponent: octave + lowestExponent, significand: 1 + Double(step) / Double(binsPerOctave))
    }
}

extension PriorityScale.Thresholds: Codable {
    private enum CodingKeys: String, CodingKey {
        case high = "high_loss_per_s"
        case low = "low_loss_per_s"
    }
}

extension ControlParameters.PriorityTerms {
    /// `loss` with what waiting since `dueAt` adds, in points a second.
    package func aged(_ loss: Double, dueAt: Timestamp, now: Timestamp) -> Double {
        let waited = Double(now - dueAt) / 1000
        guard waited > 0 else { return loss }
        return loss / Decay.remaining(afterHalfLives: min(waited / ageStepSeconds, maximumAgeDoublings))
    }
}
