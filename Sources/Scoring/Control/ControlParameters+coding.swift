extension ControlParameters: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.parameters(known: ["breaker", "price", "retry_budget", "rate", "priority", "spread"])
        try container.read("breaker", into: &breaker)
        try container.read("price", into: &price)
        try container.read("retry_budget", into: &retryBudget)
        try container.read("rate", into: &rate)
        try container.read("priority", into: &priority)
        try container.read("spread", into: &spread)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        try container.encode(breaker, forKey: ParameterKey("breaker"))
        try container.encode(price, forKey: ParameterKey("price"))
        try container.encode(retryBudget, forKey: ParameterKey("retry_budget"))
        try container.encode(rate, forKey: ParameterKey("rate"))
        try container.encode(priority, forKey: ParameterKey("priority"))
        try container.encode(spread, forKey: ParameterKey("spread"))
    }
}

extension ControlParameters.RetryBudget: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.parameters(known: ["global", "route"])
        try container.read("global", into: &global)
        try container.read("route", into: &route)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        try container.encode(global, forKey: ParameterKey("global"))
        try container.encode(route, forKey: ParameterKey("route"))
    }
}

extension ControlParameters.Rate: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.parameters(known: ["per_s", "own_share", "burst_s"])
        try container.read("per_s", into: &perSecond)
        try container.read("own_share", into: &ownShare)
        try container.read("burst_s", into: &burstSeconds)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        try container.encode(perSecond, forKey: ParameterKey("per_s"))
        try container.encode(ownShare, forKey: ParameterKey("own_share"))
        try container.encode(burstSeconds, forKey: ParameterKey("burst_s"))
    }
}
