extension ControlParameters: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .section("breaker", \.breaker), .section("price", \.price), .section("retry_budget", \.retryBudget), .section("rate", \.rate),
            .section("priority", \.priority), .section("spread", \.spread),
        ]
    }

    /// Checks every range and relation; `key` of the error is the path from `policy.control` on.
    package func validate() throws(ModelError) {
        try check("policy.control")
    }
}

extension ControlParameters: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        try read(decoder.container(keyedBy: ParameterKey.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterKey.self)
        try write(to: &container)
    }
}

extension ControlParameters.Breaker: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .number("open_evidence", \.openEvidence, 1...100),
            .number("false_alarm_days", \.falseAlarmDays, 0.01...10_000),
            .number("close_evidence", \.closeEvidence, 0.001...100),
            .number("reopen_evidence", \.reopenEvidence, 0.001...100),
            .number("evidence_half_life_s", \.evidenceHalfLifeSeconds, 1...1_000_000),
            .number("usual_failure_share", \.usualFailureShare, CircuitBreaker.usualFailureShares),
            .number("outage_failure_share", \.outageFailureShare, 0.5...0.999),
            .number("usual_half_life_s", \.usualHalfLifeSeconds, 60...100_000_000),
            .number("cool_down_s", \.coolDownSeconds, 1...86_400),
            .number("maximum_cool_down_s", \.maximumCoolDownSeconds, 1...86_400),
            .number("cool_down_spread", \.coolDownSpread, 0...1),
            .number("probes_per_min", \.probesPerMinute, 0.001...10_000),
            .number("ramp_s", \.rampSeconds, 0...86_400),
            .number("ramp_start_share", \.rampStartShare, 0...1),
            .number("calm_s", \.calmSeconds, 0...1_000_000),
        ]
    }

    func checkRelations(_ path: String) throws(ModelError) {
        guard coolDownSeconds <= maximumCoolDownSeconds else {
            throw ModelError(
                .invalidValue, key: "\(path).maximum_cool_down_s",
                "is \(maximumCoolDownSeconds), but must be at least cool_down_s, \(coolDownSeconds)")
        }
    }
}

extension ControlParameters.Price: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .number("target_throttled_share", \.targetThrottledShare, 0...0.99),
            .number("rise_points_per_s", \.risePointsPerSecond, 0...1_000_000),
            .number("step_points", \.stepPoints, 0...1_000_000),
            .number("maximum_points", \.maximumPoints, 0...RoutePrice.largestPoints),
            .number("half_life_s", \.halfLifeSeconds, 1...1_000_000),
            .number("window_half_life_s", \.windowHalfLifeSeconds, 1...1_000_000),
            .number("window_prior_outcomes", \.windowPriorOutcomes, 0.001...1_000_000),
            .number("capacity_throttled_outcomes", \.capacityThrottledOutcomes, 1...1_000_000),
            .number("capacity_throttled_share", \.capacityThrottledShare, 0...1),
            .number("capacity_doubling_s", \.capacityDoublingSeconds, 1...1_000_000),
            .number("capacity_memory_s", \.capacityMemorySeconds, 1...10_000_000),
            .number("minimum_capacity_per_s", \.minimumCapacityPerSecond, 1e-6...1_000_000),
        ]
    }
}

extension ControlParameters.RetryBudget: ParameterSection {
    static var parameters: [Parameter<Self>] { [.section("global", \.global), .section("route", \.route)] }
}

extension ControlParameters.RetryBudget.Terms: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .number("ratio", \.ratio, 0...1000),
            .number("minimum_per_s", \.minimumPerSecond, 0...1_000_000),
            .number("depth", \.depth, 1...1_000_000_000),
        ]
    }
}

extension ControlParameters.Rate: ParameterSection {
    /// Most providers with a rate of their own.
    private static let maximumCount = 1024

    /// 10⁻⁶ stands for an open bound at 0.
    static var parameters: [Parameter<Self>] {
        [
            .numbers(byProvider: "per_s", \.perSecond, 1e-6...1_000_000, limit: maximumCount),
            .number("own_share", \.ownShare, 1e-6...1),
            .number("burst_s", \.burstSeconds, 0...86_400),
        ]
    }
}

extension ControlParameters.PriorityTerms: ParameterSection {
    static var parameters: [Parameter<Self>] {
        [
            .number("high_share", \.highShare, 0...1),
            .number("low_share", \.lowShare, 0...1),
            .number("half_life_s", \.halfLifeSeconds, 1...100_000_000),
            .number("minimum_jobs", \.minimumJobs, 1...1_000_000_000),
            .number("maximum_factor", \.maximumFactor, 1...1_000_000),
            .number("age_step_s", \.ageStepSeconds, 1...100_000_000),
            .number("maximum_age_doublings", \.maximumAgeDoublings, 0...64),
        ]
    }

    func checkRelations(_ path: String) throws(ModelError) {
        guard lowShare + highShare <= 1 else {
            throw ModelError(
                .invalidValue, key: "\(path).low_share", "is \(lowShare), but with high_share, \(highShare), may not exceed 1")
        }
    }
}

extension ControlParameters.Spread: ParameterSection {
    static var parameters: [Parameter<Self>] { [.number("recovery_s", \.recoverySeconds, 0...86_400)] }
}
