extension PolicyParameters: ParameterSection {
    static var retired: [String] { ["retry_discount"] }

    static var parameters: [Parameter<Self>] {
        [
            .section("templates", \.templates), .section("channels", \.channels),
            .number("patience_half_lives", \.patienceHalfLives, 0...100),
            .number("waiting_margin", \.waitingMargin, 0...1),
            .number("high_priority_loss_per_s", \.highPriorityLossPerSecond, 0...1_000_000),
            .number("low_priority_loss_per_s", \.lowPriorityLossPerSecond, 0...1_000_000),
            .number("due_tolerance_s", \.dueToleranceSeconds, 0...3600),
            .section("exploration", \.exploration), .section("control", \.control),
        ]
    }

    func checkRelations(_ path: String) throws(ModelError) {
        guard highPriorityLossPerSecond >= lowPriorityLossPerSecond else {
            throw ModelError(
                .invalidValue, key: "\(path).high_priority_loss_per_s",
                "is \(highPriorityLossPerSecond), but must be at least low_priority_loss_per_s, \(lowPriorityLossPerSecond)")
        }
    }

    /// Checks every range and relation; `key` of the error is the path from `policy` on.
    package func validate() throws(ModelError) {
        try check("policy")
    }
}

extension PolicyParameters: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        try read(decoder.container(keyedBy: ParameterKey.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        try write(to: &container)
    }
}

extension PolicyParameters.Templates: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .section("otp", \.otp), .section("transactional", \.transactional), .section("alert", \.alert),
            .section("marketing", \.marketing),
        ]
    }
}

extension PolicyParameters.TemplateTerms: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .number("value", \.value, 0...1_000_000), .number("half_life_s", \.halfLifeSeconds, 1...100_000_000),
            .count("maximum_attempts", \.maximumAttempts, 1...1000),
        ]
    }
}

extension PolicyParameters.Channels: ParameterSection {
    static var parameters: [Parameter<Self>] { [.section("email", \.email), .section("sms", \.sms), .section("push", \.push)] }
}

extension PolicyParameters.ChannelTerms: ParameterSection {
    static var retired: [String] { ["permanent_failure_share"] }

    static var parameters: [Parameter<Self>] {
        [
            .number("attempt_cost", \.attemptCost, 0...1_000_000),
            .number("expected_latency_s", \.expectedLatencySeconds, 0...1_000_000), .section("news", \.news),
        ]
    }
}

extension PolicyParameters.FailureNews: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .number("same_route", \.sameRoute, 0...1), .number("other_route", \.otherRoute, 0...1),
            .number("half_life_s", \.halfLifeSeconds, 1...1_000_000), .number("known_after_s", \.knownAfterSeconds, 0...1_000_000),
        ]
    }
}

extension PolicyParameters.Exploration: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .number("share", \.share, 0...0.02), .number("maximum_loss", \.maximumLoss, 0...1),
            .number("minimum_remaining_s", \.minimumRemainingSeconds, 0...100_000_000),
        ]
    }
}
