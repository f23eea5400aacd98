/// What deliveries are worth, what attempts cost and how urgency is told.
///
/// Values and costs share one unit, a *point*: what the timely delivery of a marketing message is worth. All numbers are finite.
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
        /// Share of failures after which no further attempt can succeed, in [0, 1].
        package var permanentFailureShare: Double

        package init(attemptCost: Double, expectedLatencySeconds: Double, permanentFailureShare: Double) {
            self.attemptCost = attemptCost
            self.expectedLatencySeconds = expectedLatencySeconds
            self.permanentFailureShare = permanentFailureShare
        }
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
        package var email = ChannelTerms(attemptCost: 0.02, expectedLatencySeconds: 5, permanentFailureShare: 0.1)
        package var sms = ChannelTerms(attemptCost: 0.25, expectedLatencySeconds: 3, permanentFailureShare: 0.05)
        package var push = ChannelTerms(attemptCost: 0.01, expectedLatencySeconds: 0.5, permanentFailureShare: 0.1)

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
    /// Chance of a further attempt's success after a failure, as a share of the best chance seen now, in [0, 1].
    ///
    /// Below 1 because a failure is bad news about the next attempt.
    package var retryDiscount = 0.6
    /// Longest that a due attempt is put off, in half-lives of its template, in [0, 100].
    ///
    /// Without a bound, a model that always likes "a little later" better would put a job off for ever.
    package var patienceHalfLives = 3.0
    /// Priority is high from this loss on, in points per second of waiting, ≥ `lowPriorityLossPerSecond`.
    package var highPriorityLossPerSecond = 0.02
    /// Priority is low below this loss, in points per second of waiting, ≥ 0.
    package var lowPriorityLossPerSecond = 0.000_03
    /// A job is due this many seconds before its `send_time`, in [0, 3600]: less than a wait can resolve.
    package var dueToleranceSeconds = 1.0

    /// The defaults.
    package init() {}
}

extension PolicyParameters: Codable {
    private enum CodingKeys: String, CodingKey {
        case templates
        case channels
        case retryDiscount = "retry_discount"
        case patienceHalfLives = "patience_half_lives"
        case highPriorityLossPerSecond = "high_priority_loss_per_s"
        case lowPriorityLossPerSecond = "low_priority_loss_per_s"
        case dueToleranceSeconds = "due_tolerance_s"
    }
}

extension PolicyParameters.Templates: Codable {}

extension PolicyParameters.Channels: Codable {}

extension PolicyParameters.TemplateTerms: Codable {
    private enum CodingKeys: String, CodingKey {
        case value
        case halfLifeSeconds = "half_life_s"
        case maximumAttempts = "maximum_attempts"
    }
}

extension PolicyParameters.ChannelTerms: Codable {
    private enum CodingKeys: String, CodingKey {
        case attemptCost = "attempt_cost"
        case expectedLatencySeconds = "expected_latency_s"
        case permanentFailureShare = "permanent_failure_share"
    }
}
