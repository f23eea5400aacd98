/// What live health says of one key at one time; the numbers of the feature row.
package struct HealthReading: Equatable, Sendable {
    package struct Window: Equatable, Sendable {
        /// Share of delivered outcomes, in [0, 1]; NaN without evidence.
        package var successRate = Float.nan
        /// Decayed number of outcomes, ≥ 0: how much the rates are worth.
        package var outcomes: Float = 0
        /// Mean latency in milliseconds; NaN where no outcome told one.
        package var latencyMilliseconds = Float.nan
        /// Share of throttled outcomes, in [0, 1]; NaN without evidence.
        package var throttleRate = Float.nan

        init() {}

        init(_ sums: HealthEvidence.Sums, remaining: Double) {
            outcomes = Float(sums.outcomes * remaining)
            // Fades with the same factor above and below the line, so the sums are divided as they are.
            successRate = Self.share(sums.successes, of: sums.outcomes)
            throttleRate = Self.share(sums.throttled, of: sums.outcomes)
            latencyMilliseconds = Self.share(sums.latencyMilliseconds, of: sums.timed)
        }

        private static func share(_ part: Double, of whole: Double) -> Float {
            // What has faded this far says nothing, and its quotient would be one of denormal numbers.
            whole > 1e-200 ? Float(part / whole) : .nan
        }
    }

    package var short = Window()
    package var long = Window()
    /// Seconds since the last successful outcome, ≥ 0; NaN where there was none.
    package var sinceSuccessSeconds = Float.nan

    /// Nothing is known.
    static let unknown = HealthReading()

    init() {}

    init(short: Window, long: Window, sinceSuccessSeconds: Float) {
        self.short = short
        self.long = long
        self.sinceSuccessSeconds = sinceSuccessSeconds
    }

    /// The same for a key without evidence of its own.
    var inherited: HealthReading {
        var reading = self
        reading.short.outcomes = 0
        reading.long.outcomes = 0
        return reading
    }
}
