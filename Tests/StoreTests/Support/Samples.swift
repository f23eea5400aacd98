import Scoring
import Store

/// 2100-01-01 in milliseconds: what is stored in a test has to lie in the future, or the server's retention deletes it meanwhile.
let year2100: Int64 = 4_102_444_800_000

/// A seeded generator (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Any number of a kind that a record must carry unharmed: ordinary, tiny, huge, negative zero, missing.
private func float(_ generator: inout SeededGenerator) -> Float {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: .nan
    case 1: -0.0
    case 2: Float.leastNonzeroMagnitude
    case 3: -Float.greatestFiniteMagnitude
    case 4: 0.1
    default: Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &generator))
    }
}

func sampleJob(_ id: String, notification: String = "n1", providers: [String] = ["ses", "sendgrid"]) -> Job {
    Job(
        jobID: id, notificationID: notification, channel: .email, provider: providers[0], providers: providers,
        recipient: "someone@example.org", recipientCountry: CountryCode("DE")!, templateType: .otp, payloadSize: 812,
        createdAt: Timestamp(milliseconds: 1_700_000_000_123), sendTime: Timestamp(milliseconds: 1_700_000_001_456))
}

/// A record whose id follows from its job's.
func sampleRecord(
    _ jobID: String, notification: String = "n1", kind: DecisionKind = .dispatch, priority: Priority = .normal,
    decidedAt: Timestamp = Timestamp(milliseconds: year2100 + 2789), features: [Float] = [1, .nan, 0.1], provider: String = "ses"
) -> DecisionRecord {
    let actions = [
        ScoredAction(action: CandidateAction(delayMilliseconds: 0, providerIndex: 0), probability: 0.9, utility: 1.25, propensity: 1),
        ScoredAction(action: CandidateAction(delayMilliseconds: 15_000, providerIndex: 1), probability: 0.7, utility: -0.5),
    ]
    let decision = Decision(
        id: DecisionID(jobID: jobID, previous: nil), kind: kind, probability: 0.9, priority: priority, delayMilliseconds: 0,
        provider: provider, model: "m1", policy: "utility", reason: .bestUtility, actions: actions, chosen: 0, propensity: 1,
        features: features, decidedAt: decidedAt)
    return DecisionRecord(
        job: sampleJob(jobID, notification: notification), decision: decision, schemaFingerprint: "f00d", recipientHash: "ab12",
        source: .stream)
}

func sampleOutcome(_ jobID: String, _ status: DeliveryStatus = .delivered, at milliseconds: Int64 = year2100 + 5000) -> Outcome {
    Outcome(
        jobID: jobID, notificationID: "n1", provider: "ses", channel: .email, recipientCountry: CountryCode("DE")!, templateType: .otp,
        status: status, responseCode: 250, latencyMilliseconds: 41.5, attemptedAt: Timestamp(milliseconds: year2100 + 4000),
        occurredAt: Timestamp(milliseconds: milliseconds))
}

/// A record with every field at random: all optional parts present or absent, texts with NUL and 4-byte UTF-8, ids of 1 to 128 bytes.
func randomRecord(_ generator: inout SeededGenerator) -> DecisionRecord {
    let texts = ["a", "\u{0}", "n\u{0}l", "h\u{e9}ll\u{f6}", "\u{1F600}\u{1F680}", String(repeating: "x", count: 128), "$where", "a.b", ""]
    func text(nonEmpty: Bool = false) -> String {
        let text = texts.randomElement(using: &generator) ?? ""
        return text.isEmpty && nonEmpty ? "t" : text
    }
    func time() -> Timestamp { Timestamp(milliseconds: Int64.random(in: -1_000_000_000_000...4_000_000_000_000, using: &generator)) }
    func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &generator) ? value : nil }

    // Without duplicates, as the decoder of jobs promises.
    let providers = Array(Set((0..<Int.random(in: 1...4, using: &generator)).map { "\($0)" + text() })).sorted()
    var actions = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        ScoredAction(
            action: CandidateAction(
                delayMilliseconds: Int64.random(in: 0...604_800_000, using: &generator),
                providerIndex: providers.indices.randomElement(using: &generator) ?? 0),
            probability: float(&generator),
            utility: Double(bitPattern: UInt64.random(in: 0..<0x7FF0_0000_0000_0000, using: &generator)))
    }
    let chosen = actions.indices.randomElement(using: &generator)
    let propensity = Double.random(in: 1e-9...1, using: &generator)
    if let chosen {
        if Bool.random(using: &generator) {
            for index in actions.indices { actions[index].propensity = Double.random(in: 0...1, using: &generator) }
        }
        actions[chosen].propensity = propensity
    }
    let conditions = DecisionConditions(
        routes: providers.map { _ in
            var route = DecisionConditions.Route()
            guard Bool.random(using: &generator) else { return route }
            route.breaker = CircuitBreaker.State.allCases.randomElement(using: &generator)!
            route.admittedShare = Double.random(in: 0...1, using: &generator)
            route.isAdmitted = Bool.random(using: &generator)
            route.overdueProbeLoss = Bool.random(using: &generator) ? 0 : Double.random(in: 0...1, using: &generator)
            route.closedForMilliseconds = Int64.random(in: 0...10_000_000, using: &generator)
            route.pricePoints = Double.random(in: 0...100, using: &generator)
            route.hasRetryBudget = Bool.random(using: &generator)
            route.freeInMilliseconds = Int64.random(in: 0...10_000_000, using: &generator)
            return route
        }, hasRetryBudget: Bool.random(using: &generator),
        priority: PriorityScale.Thresholds(
            high: Double.random(in: 0...1, using: &generator), low: Double.random(in: 0...1, using: &generator)))
    let job = Job(
        jobID: text(nonEmpty: true), notificationID: text(nonEmpty: true), channel: Channel.allCases.randomElement(using: &generator)!,
        provider: text(), providers: providers, recipient: nil, recipientCountry: CountryCode("FR")!,
        templateType: TemplateType.allCases.randomElement(using: &generator)!,
        payloadSize: Int.random(in: 0...(.max), using: &generator), createdAt: time(), sendTime: time(), expiresAt: maybe(time()),
        previousAttempts: Int.random(in: 0...1_000_000, using: &generator),
        lastStatus: DeliveryStatus.allCases.randomElement(using: &generator)!,
        responseCode: maybe(Int.random(in: -1...999, using: &generator)),
        latencyMilliseconds: maybe(Double.random(in: 0...1e9, using: &generator)), lastAttemptAt: maybe(time()))
    let decision = Decision(
        id: DecisionID(jobID: "\(generator.next())", previous: nil), kind: DecisionKind.allCases.randomElement(using: &generator)!,
        probability: maybe(Float.random(in: 0...1, using: &generator)) ?? .nan,
        priority: Priority.allCases.randomElement(using: &generator)!,
        delayMilliseconds: Int64.random(in: 0...(.max), using: &generator), provider: text(), model: text(), policy: text(),
        parameters: maybe(text()),
        reason: DecisionReason.allCases.randomElement(using: &generator)!, actions: actions,
        chosen: chosen, propensity: propensity,
        features: (0..<Int.random(in: 0...60, using: &generator)).map { _ in float(&generator) },
        decidedAt: Timestamp(milliseconds: Int64.random(in: year2100...2 * year2100, using: &generator)), conditions: maybe(conditions))
    return DecisionRecord(
        job: job, decision: decision, schemaFingerprint: maybe(text()), recipientHash: maybe(text()),
        source: DecisionSource.allCases.randomElement(using: &generator)!)
}

extension DecisionRecord {
    /// All numbers by their bits, which `==` does not compare: NaN differs from itself, and the zeros are equal.
    var bits: [UInt64] {
        var bits = decision.features.map { UInt64($0.bitPattern) }
        bits += decision.actions.flatMap { [UInt64($0.probability.bitPattern), $0.utility.bitPattern] }
        return bits + [UInt64(decision.probability.bitPattern), decision.propensity.bitPattern]
    }

    /// The record with every NaN made 0, for a comparison of the rest by `==`.
    var withoutNaN: DecisionRecord {
        var record = self
        record.decision.features = decision.features.map { $0.isNaN ? 0 : $0 }
        for index in record.decision.actions.indices where record.decision.actions[index].probability.isNaN {
            record.decision.actions[index].probability = 0
        }
        if record.decision.probability.isNaN { record.decision.probability = 0 }
        return record
    }
}
