extension ControlParameters {
    /// Most providers with a rate of their own.
    static let maximumRateCount = 1024
    /// Stands for an open bound at 0.
    private static let aboveZero = 1e-6

    /// Checks every range and relation; `key` of the error is the path below `policy.control`.
    package func validate() throws(ModelError) {
        let path = "policy.control"
        try breaker.validateNumbers("\(path).breaker")
        guard breaker.coolDownSeconds <= breaker.maximumCoolDownSeconds else {
            throw ModelError(
                .invalidValue, key: "\(path).breaker.maximum_cool_down_s",
                "is \(breaker.maximumCoolDownSeconds), but must be at least cool_down_s, \(breaker.coolDownSeconds)")
        }
        try price.validateNumbers("\(path).price")
        try retryBudget.global.validateNumbers("\(path).retry_budget.global")
        try retryBudget.route.validateNumbers("\(path).retry_budget.route")
        try validateRate("\(path).rate")
        try priority.validateNumbers("\(path).priority")
        guard priority.lowShare + priority.highShare <= 1 else {
            throw ModelError(
                .invalidValue, key: "\(path).priority.low_share",
                "is \(priority.lowShare), but with high_share, \(priority.highShare), may not exceed 1")
        }
        try spread.validateNumbers("\(path).spread")
    }

    private func validateRate(_ path: String) throws(ModelError) {
        func check(_ value: Double, in range: ClosedRange<Double>, _ key: String) throws(ModelError) {
            guard range.contains(value) else {
                throw ModelError(
                    .invalidValue, key: "\(path).\(key)", "is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
            }
        }
        guard rate.perSecond.count <= Self.maximumRateCount else {
            throw ModelError(.invalidValue, key: "\(path).per_s", "has \(rate.perSecond.count) providers; at most 1024 are allowed")
        }
        for (provider, value) in rate.perSecond.sorted(by: { $0.key < $1.key }) {
            guard Job.identifierLengths.contains(provider.utf8.count) else {
                throw ModelError(.invalidValue, key: "\(path).per_s", "a provider's name has 1 to 128 bytes, not \(provider.utf8.count)")
            }
            try check(value, in: Self.aboveZero...1_000_000, "per_s.\(provider)")
        }
        try check(rate.ownShare, in: Self.aboveZero...1, "own_share")
        try check(rate.burstSeconds, in: 0...86_400, "burst_s")
    }
}

extension ControlParameters.Breaker: ParameterSection {
    static var numbers: [ParameterNumber<Self>] {
        [
            ParameterNumber("open_evidence", \.openEvidence, 1...100),
            ParameterNumber("false_alarm_days", \.falseAlarmDays, 0.01...10_000),
            ParameterNumber("close_evidence", \.closeEvidence, 0.001...100),
            ParameterNumber("reopen_evidence", \.reopenEvidence, 0.001...100),
            ParameterNumber("evidence_half_life_s", \.evidenceHalfLifeSeconds, 1...1_000_000),
            ParameterNumber("usual_failure_share", \.usualFailureShare, CircuitBreaker.usualFailureShares),
            ParameterNumber("outage_failure_share", \.outageFailureShare, 0.5...0.999),
            ParameterNumber("usual_half_life_s", \.usualHalfLifeSeconds, 60...100_000_000),
            ParameterNumber("cool_down_s", \.coolDownSeconds, 1...86_400),
            ParameterNumber("maximum_cool_down_s", \.maximumCoolDownSeconds, 1...86_400),
            ParameterNumber("cool_down_spread", \.coolDownSpread, 0...1),
            ParameterNumber("probes_per_min", \.probesPerMinute, 0.001...10_000),
            ParameterNumber("ramp_s", \.rampSeconds, 0...86_400),
            ParameterNumber("ramp_start_share", \.rampStartShare, 0...1),
            ParameterNumber("calm_s", \.calmSeconds, 0...1_000_000),
        ]
    }
}

extension ControlParameters.Price: ParameterSection {
    static var numbers: [ParameterNumber<Self>] {
        [
            ParameterNumber("target_throttled_share", \.targetThrottledShare, 0...0.99),
            ParameterNumber("rise_points_per_s", \.risePointsPerSecond, 0...1_000_000),
            ParameterNumber("step_points", \.stepPoints, 0...1_000_000),
            ParameterNumber("maximum_points", \.maximumPoints, 0...RoutePrice.largestPoints),
            ParameterNumber("half_life_s", \.halfLifeSeconds, 1...1_000_000),
            ParameterNumber("window_half_life_s", \.windowHalfLifeSeconds, 1...1_000_000),
            ParameterNumber("window_prior_outcomes", \.windowPriorOutcomes, 0.001...1_000_000),
            ParameterNumber("capacity_throttled_outcomes", \.capacityThrottledOutcomes, 1...1_000_000),
            ParameterNumber("capacity_throttled_share", \.capacityThrottledShare, 0...1),
            ParameterNumber("capacity_doubling_s", \.capacityDoublingSeconds, 1...1_000_000),
            ParameterNumber("capacity_memory_s", \.capacityMemorySeconds, 1...10_000_000),
            ParameterNumber("minimum_capacity_per_s", \.minimumCapacityPerSecond, 1e-6...1_000_000),
        ]
    }
}

extension ControlParameters.RetryBudget.Terms: ParameterSection {
    static var numbers: [ParameterNumber<Self>] {
        [
            ParameterNumber("ratio", \.ratio, 0...1000),
            ParameterNumber("minimum_per_s", \.minimumPerSecond, 0...1_000_000),
            ParameterNumber("depth", \.depth, 1...1_000_000_000),
        ]
    }
}

extension ControlParameters.PriorityTerms: ParameterSection {
    static var numbers: [ParameterNumber<Self>] {
        [
            ParameterNumber("high_share", \.highShare, 0...1),
            ParameterNumber("low_share", \.lowShare, 0...1),
            ParameterNumber("half_life_s", \.halfLifeSeconds, 1...100_000_000),
            ParameterNumber("minimum_jobs", \.minimumJobs, 1...1_000_000_000),
            ParameterNumber("maximum_factor", \.maximumFactor, 1...1_000_000),
            ParameterNumber("age_step_s", \.ageStepSeconds, 1...100_000_000),
            ParameterNumber("maximum_age_doublings", \.maximumAgeDoublings, 0...64),
        ]
    }
}

extension ControlParameters.Spread: ParameterSection {
    static var numbers: [ParameterNumber<Self>] {
        [ParameterNumber("recovery_s", \.recoverySeconds, 0...86_400)]
    }
}
