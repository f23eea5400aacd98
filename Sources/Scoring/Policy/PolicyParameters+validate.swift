extension PolicyParameters {
    /// Checks every range and relation; `key` of the error is the path below `policy`.
    package func validate() throws(ModelError) {
        for type in TemplateType.allCases {
            let terms = templates[type]
            let key = "policy.templates.\(type.rawValue)"
            try Self.check(terms.value, in: 0...1_000_000, key: "\(key).value")
            try Self.check(terms.halfLifeSeconds, in: 1...100_000_000, key: "\(key).half_life_s")
            try Self.check(Double(terms.maximumAttempts), in: 1...1000, key: "\(key).maximum_attempts")
        }
        for channel in Channel.allCases {
            let terms = channels[channel]
            let key = "policy.channels.\(channel.rawValue)"
            try Self.check(terms.attemptCost, in: 0...1_000_000, key: "\(key).attempt_cost")
            try Self.check(terms.expectedLatencySeconds, in: 0...1_000_000, key: "\(key).expected_latency_s")
            try terms.news.validateNumbers("\(key).news")
        }
        try exploration.validateNumbers("policy.exploration")
        try control.validate()
        try Self.check(patienceHalfLives, in: 0...100, key: "policy.patience_half_lives")
        try Self.check(waitingMargin, in: 0...1, key: "policy.waiting_margin")
        try Self.check(lowPriorityLossPerSecond, in: 0...1_000_000, key: "policy.low_priority_loss_per_s")
        try Self.check(
            highPriorityLossPerSecond, in: lowPriorityLossPerSecond...1_000_000, key: "policy.high_priority_loss_per_s")
        try Self.check(dueToleranceSeconds, in: 0...3600, key: "policy.due_tolerance_s")
    }

    private static func check(_ value: Double, in range: ClosedRange<Double>, key: String) throws(ModelError) {
        // NaN is in no range.
        guard range.contains(value) else {
            throw ModelError(.invalidValue, key: key, "is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
