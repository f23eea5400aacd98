/// What deliveries are worth, what attempts cost, and how a policy weighs, explores and is overridden.
///
/// Values and costs share one unit, a *point*: what the timely delivery of a marketing message is worth. All numbers are finite. In JSON a
/// missing key, at any depth, means the default of its place; an unknown one is an error.
package struct PolicyParameters: Equatable, Sendable {
    /// What a template type is worth and for how long.
    package struct TemplateTerms: Equatable, Sendable {
        /// Points for a delivery that is not late, in [0, 10⁶].
        package var value: Double
        /// Seconds of lateness after which half the value is left, in [1, 10⁸].
        package var halfLifeSeconds: Double
        /// Attempts after which a notification is given up, 1–1000.
        package var maximumAttempts: Int

        package init(value: Double, halfLifeSeconds: Double, maximumAttempts: Int) {
            self.value = value
            self.halfLifeSeconds = halfLifeSeconds
            self.maximumAttempts = maximumAttempts
        }
    }

    /// What an attempt through a channel costs and how it behaves.
    package struct ChannelTerms: Equatable, Sendable {
        /// Points for an attempt, delivered or not, in [0, 10⁶].
        package var attemptCost: Double
        /// Seconds from an attempt to the recipient, in [0, 10⁶].
        package var expectedLatencySeconds: Double
        /// What a failure says of the attempts after it.
        package var news: FailureNews

        package init(attemptCost: Double, expectedLatencySeconds: Double, news: FailureNews = FailureNews()) {
            self.attemptCost = attemptCost
            self.expectedLatencySeconds = expectedLatencySeconds
            self.news = news
        }
    }

    /// What a failure says of the next attempt: its chance is less than it was, by a share that fades with the time between them.
    ///
    /// Chance after = chance before · (1 − share · 2^(−time / half-life)); see `Continuation`.
    package struct FailureNews: Equatable, Sendable {
        /// Share of the chance that is lost right after the failure, through the same route and through another, in [0, 1].
        package var sameRoute = 0.8
        package var otherRoute = 0.5
        /// Seconds after which half of that is over, in [1, 10⁶].
        package var halfLifeSeconds = 600.0
        /// Seconds from an attempt until its failure is known, in [0, 10⁶]: until then there is no next one.
        package var knownAfterSeconds = 10.0

        package init() {}

        package init(sameRoute: Double, otherRoute: Double, halfLifeSeconds: Double, knownAfterSeconds: Double) {
            self.sameRoute = sameRoute
            self.otherRoute = otherRoute
            self.halfLifeSeconds = halfLifeSeconds
            self.knownAfterSeconds = knownAfterSeconds
        }
    }

    /// How often another than the best action is taken, so that what it would have brought is known; see `ActionChoice`.
    package struct Exploration: Equatable, Sendable {
        /// Share of the jobs, in [0, 0.02].
        package var share = 0.02
        /// Most that an explored action may be worth less than the best one, as a share of the value at stake, in [0, 1].
        package var maximumLoss = 0.005
        /// Jobs that expire within this time are not explored, in seconds, in [0, 10⁸].
        package var minimumRemainingSeconds = 600.0

        package init() {}
    }

    /// One `TemplateTerms` for each template type.
    package struct Templates: Equatable, Sendable {
        package var otp = TemplateTerms(value: 20, halfLifeSeconds: 60, maximumAttempts: 5)
        package var transactional = TemplateTerms(value: 5, halfLifeSeconds: 21_600, maximumAttempts: 8)
        package var alert = TemplateTerms(value: 10, halfLifeSeconds: 900, maximumAttempts: 6)
        package var marketing = TemplateTerms(value: 1, halfLifeSeconds: 86_400, maximumAttempts: 4)

        package init() {}

        package subscript(type: TemplateType) -> TemplateTerms {
            switch type {
            case .otp: otp
            case .transactional: transactional
            case .alert: alert
            case .marketing: marketing
            }
        }
    }

    /// One `ChannelTerms` for each channel.
    package struct Channels: Equatable, Sendable {
        package var email = ChannelTerms(
            attemptCost: 0.02, expectedLatencySeconds: 5,
            news: FailureNews(sameRoute: 0.8, otherRoute: 0.5, halfLifeSeconds: 900, knownAfterSeconds: 5))
        package var sms = ChannelTerms(
            attemptCost: 0.25, expectedLatencySeconds: 3,
            news: FailureNews(sameRoute: 0.8, otherRoute: 0.5, halfLifeSeconds: 600, knownAfterSeconds: 15))
        package var push = ChannelTerms(
            attemptCost: 0.01, expectedLatencySeconds: 0.5,
            news: FailureNews(sameRoute: 0.8, otherRoute: 0.5, halfLifeSeconds: 300, knownAfterSeconds: 10))

        package init() {}

        package subscript(channel: Channel) -> ChannelTerms {
            switch channel {
            case .email: email
            case .sms: sms
            case .push: push
            }
        }
    }

    package var templates = Templates()
    package var channels = Channels()
    /// Longest that a due attempt is put off, in half-lives of its template, in [0, 100].
    ///
    /// Without a bound, a model that always likes "a little later" better would put a job off for ever.
    package var patienceHalfLives = 3.0
    /// What an attempt that is put off must promise beyond the others, as a share of the value at stake, in [0, 1].
    ///
    /// Estimates are noisy, and the best of thirty noisy ones is too good; putting off is what such an error does harm by.
    package var waitingMargin = 0.005
    /// Priority is high from this loss on, in points per second of waiting, ≥ `lowPriorityLossPerSecond`.
    ///
    /// This and the next count until enough jobs have been seen to tell what is much; see `PriorityScale`.
    package var highPriorityLossPerSecond = 0.02
    /// Priority is low below this loss, in points per second of waiting, ≥ 0.
    package var lowPriorityLossPerSecond = 0.000_03
    /// A job is due this many seconds before its `send_time`, in [0, 3600]: less than a wait can resolve.
    package var dueToleranceSeconds = 1.0
    package var exploration = Exploration()
    /// What overrides the model: breakers, prices, budgets, rates; and how priorities are told.
    package var control = ControlParameters()

    /// The defaults.
    package init() {}
}
