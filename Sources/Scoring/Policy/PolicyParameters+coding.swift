extension PolicyParameters: Codable {
    /// Keys of former versions, which nothing reads any more.
    private static let retired = ["retry_discount"]

    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.parameters(
            known: [
                "templates", "channels", "patience_half_lives", "waiting_margin", "high_priority_loss_per_s", "low_priority_loss_per_s",
                "due_tolerance_s",
                "exploration", "control",
            ], retired: Self.retired)
        try container.read("templates", into: &templates)
        try container.read("channels", into: &channels)
        try container.read("patience_half_lives", into: &patienceHalfLives)
        try container.read("waiting_margin", into: &waitingMargin)
        try container.read("high_priority_loss_per_s", into: &highPriorityLossPerSecond)
        try container.read("low_priority_loss_per_s", into: &lowPriorityLossPerSecond)
        try container.read("due_tolerance_s", into: &dueToleranceSeconds)
        try container.read("exploration", into: &exploration)
        try container.read("control", into: &control)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        try container.encode(templates, forKey: ParameterKey("templates"))
        try container.encode(channels, forKey: ParameterKey("channels"))
        try container.encode(patienceHalfLives, forKey: ParameterKey("patience_half_lives"))
        try container.encode(waitingMargin, forKey: ParameterKey("waiting_margin"))
        try container.encode(highPriorityLossPerSecond, forKey: ParameterKey("high_priority_loss_per_s"))
        try container.encode(lowPriorityLossPerSecond, forKey: ParameterKey("low_priority_loss_per_s"))
        try container.encode(dueToleranceSeconds, forKey: ParameterKey("due_tolerance_s"))
        try container.encode(exploration, forKey: ParameterKey("exploration"))
        try container.encode(control, forKey: ParameterKey("control"))
    }
}

extension PolicyParameters.Templates: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.parameters(known: TemplateType.allCases.map(\.rawValue))
        try container.read("otp", into: &otp)
        try container.read("transactional", into: &transactional)
        try container.read("alert", into: &alert)
        try container.read("marketing", into: &marketing)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        for type in TemplateType.allCases { try container.encode(self[type], forKey: ParameterKey(type.rawValue)) }
    }
}

extension PolicyParameters.Channels: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.parameters(known: Channel.allCases.map(\.rawValue))
        try container.read("email", into: &email)
        try container.read("sms", into: &sms)
        try container.read("push", into: &push)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        for channel in Channel.allCases { try container.encode(self[channel], forKey: ParameterKey(channel.rawValue)) }
    }
}

extension PolicyParameters.ChannelTerms: Codable {
    private static let retired = ["permanent_failure_share"]

    package init(from decoder: any Decoder) throws {
        let container = try decoder.parameters(known: ["attempt_cost", "expected_latency_s", "news"], retired: Self.retired)
        self.init(
            attemptCost: try container.decode(Double.self, forKey: ParameterKey("attempt_cost")),
            expectedLatencySeconds: try container.decode(Double.self, forKey: ParameterKey("expected_latency_s")))
        try container.read("news", into: &news)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        try container.encode(attemptCost, forKey: ParameterKey("attempt_cost"))
        try container.encode(expectedLatencySeconds, forKey: ParameterKey("expected_latency_s"))
        try container.encode(news, forKey: ParameterKey("news"))
    }
}

extension PolicyParameters.FailureNews: ParameterSection {
    static var numbers: [ParameterNumber<Self>] {
        [
            ParameterNumber("same_route", \Self.sameRoute, 0...1), ParameterNumber("other_route", \Self.otherRoute, 0...1),
            ParameterNumber("half_life_s", \Self.halfLifeSeconds, 1...1_000_000),
            ParameterNumber("known_after_s", \Self.knownAfterSeconds, 0...1_000_000),
        ]
    }
}

extension PolicyParameters.Exploration: ParameterSection {
    static var numbers: [ParameterNumber<Self>] {
        [
            ParameterNumber("share", \Self.share, 0...0.02), ParameterNumber("maximum_loss", \Self.maximumLoss, 0...1),
            ParameterNumber("minimum_remaining_s", \Self.minimumRemainingSeconds, 0...100_000_000),
        ]
    }
}
