/// What overrides the model, and how urgency is told: breakers, shadow prices, retry budgets, rates, priority, spreading.
///
/// `policy.control` of the manifest; what is not there has its default. All numbers are finite. Points are those of `PolicyParameters`,
/// seconds and minutes are of event time.
package struct ControlParameters: Equatable, Sendable {
    /// When a route is cut off, and how it comes back; see `CircuitBreaker`.
    package struct Breaker: Equatable, Sendable {
        /// Least evidence of an outage that opens the breaker, in nats, in [1, 100].
        ///
        /// 8 is three failures in a row where they are 5 % of an ordinary day. It binds where a route has few outcomes; 10 and 12 took 6 to
        /// 12 minutes longer to see an outage on the quieter routes of the closed loop's worlds.
        package var openEvidence = 8.0
        /// Days between two false alarms of a route at least, in [0.01, 10 000]: a busy route, which tells sooner, needs more evidence.
        package var falseAlarmDays = 5.0
        /// Evidence for and against recovery that closes a half-open breaker or opens it again, in nats, in [0.001, 100].
        ///
        /// 4 and 2: two probes that work, or one that fails, on a route that seldom fails.
        package var closeEvidence = 4.0
        package var reopenEvidence = 2.0
        /// Half-life of the evidence of an outage, in seconds, in [1, 10⁶]: what failed long ago says little of now.
        package var evidenceHalfLifeSeconds = 1800.0
        /// Share of a route's outcomes that are its own failures on an ordinary day, in [0.02, 0.3], until it is learned.
        package var usualFailureShare = 0.05
        /// The same in an outage, in [0.5, 0.999].
        package var outageFailureShare = 0.9
        /// Half-life of what is learned of a route's ordinary days, in seconds, in [60, 10⁸].
        package var usualHalfLifeSeconds = 21_600.0
        /// How long the breaker stays open the first time, in seconds, in [1, 86 400]; twice as long each time it opens again.
        package var coolDownSeconds = 60.0
        /// Longest that this becomes, in seconds, from `coolDownSeconds` to 86 400.
        package var maximumCoolDownSeconds = 600.0
        /// A cool-down is longer by a random share of itself up to this, in [0, 1]: routes that fell together do not return together.
        package var coolDownSpread = 0.25
        /// Jobs a half-open breaker lets through a minute, in [0.001, 10 000], judged by the route's usual rate.
        package var probesPerMinute = 2.0
        /// How long it takes from closing to all jobs, in seconds, in [0, 86 400]: a route that recovers is not run over.
        package var rampSeconds = 300.0
        /// Share of the jobs that the ramp begins with, in [0, 1].
        package var rampStartShare = 0.1
        /// A breaker that opens within this time of closing, in seconds, in [0, 10⁶], continues the row of cool-downs.
        package var calmSeconds = 1800.0

        package init() {}
    }

    /// What a place in a route's queue costs; see `RoutePrice`.
    package struct Price: Equatable, Sendable {
        /// Share of throttled outcomes up to which a route costs nothing, in [0, 1): some are throttled for their recipient's sake.
        package var targetThrottledShare = 0.05
        /// Points a second that the price rises while everything is throttled, in [0, 10⁶].
        package var risePointsPerSecond = 0.02
        /// Most that one outcome moves the price, in points, in [0, 10⁶].
        package var stepPoints = 0.5
        /// Highest price, in points, in [0, 10⁶].
        package var maximumPoints = 5.0
        /// Half-life of the price without throttling, in seconds, in [1, 10⁶].
        package var halfLifeSeconds = 300.0
        /// Half-life of the outcomes the throttled share is taken from, in seconds, in [1, 10⁶].
        package var windowHalfLifeSeconds = 180.0
        /// Outcomes without throttling that the share begins with, in [0.001, 10⁶]: one throttled outcome is not all of them.
        package var windowPriorOutcomes = 2.0
        /// Throttled outcomes in the window, and their share of it, from which on what is accepted is taken for the capacity; in [1, 10⁶] and
        /// [0, 1].
        package var capacityThrottledOutcomes = 3.0
        package var capacityThrottledShare = 0.2
        /// The learned capacity doubles in this time without throttling, in seconds, in [1, 10⁶].
        package var capacityDoublingSeconds = 120.0
        /// The learned capacity is forgotten after this time without throttling, in seconds, in [1, 10⁷].
        package var capacityMemorySeconds = 1800.0
        /// Least capacity that is learned, in outcomes a second, in [10⁻⁶, 10⁶].
        package var minimumCapacityPerSecond = 0.02

        package init() {}
    }

    /// How many retries may go out; see `RetryBudget`.
    package struct RetryBudget: Equatable, Sendable {
        package struct Terms: Equatable, Sendable {
            /// Retries that each first attempt pays for, in [0, 1000]: twice what an ordinary day needs.
            package var ratio = 1.0
            /// Retries a second that nobody pays for, in [0, 10⁶].
            package var minimumPerSecond = 0.02
            /// Most retries saved up, and owed, in [1, 10⁹].
            package var depth = 200.0

            package init() {}
        }

        /// Over all routes.
        package var global = Terms()
        /// For each route.
        package var route = Terms()

        package init() {}
    }

    /// How fast this scorer dispatches through a route; see `RouteRate`.
    package struct Rate: Equatable, Sendable {
        /// Dispatches a second by provider, each in [10⁻⁶, 10⁶]; at most 1024.
        ///
        /// None by default: what is learned from throttling counts.
        package var perSecond: [String: Double] = [:]
        /// This scorer's share of every rate, in [10⁻⁶, 1]: one over the number of scorers on the queue.
        package var ownShare = 1.0
        /// How much may go out at once, in seconds of the rate, in [0, 86 400]; at least one dispatch.
        package var burstSeconds = 120.0

        package init() {}
    }

    /// Which jobs are urgent; see `PriorityScale`.
    package struct PriorityTerms: Equatable, Sendable {
        /// Largest share of recent jobs that are high, in [0, 1].
        package var highShare = 0.2
        /// Share of recent jobs that are low, in [0, 1 − `highShare`].
        package var lowShare = 0.3
        /// Half-life of "recent", in seconds, in [1, 10⁸].
        package var halfLifeSeconds = 3600.0
        /// Decayed number of jobs below which the fixed thresholds count, in [1, 10⁹].
        package var minimumJobs = 50.0
        /// Most that a threshold falls below the fixed one, and that the low one rises above it, as a factor, in [1, 10⁶]: on a quiet day
        /// the first among jobs that can wait are not urgent for that.
        package var maximumFactor = 10.0
        /// Time that a due job waits until it counts twice, in seconds, in [1, 10⁸].
        package var ageStepSeconds = 1800.0
        /// Most times that waiting doubles it, in [0, 64].
        package var maximumAgeDoublings = 10.0

        package init() {}
    }

    /// How jobs that wait for a route are spread; see `DelaySpread`.
    package struct Spread: Equatable, Sendable {
        /// Jobs that wait for a route come back over this time after it may be tried again, in seconds, in [0, 86 400].
        package var recoverySeconds = 300.0

        package init() {}
    }

    package var breaker = Breaker()
    package var price = Price()
    package var retryBudget = RetryBudget()
    package var rate = Rate()
    package var priority = PriorityTerms()
    package var spread = Spread()

    /// The defaults.
    package init() {}
}
