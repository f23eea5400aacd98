/// What live health takes from an outcome.
struct HealthOutcome: Equatable {
    /// Names the outcome: the same report twice has the same; FNV-1a over job, status and time.
    let identity: UInt64
    let provider: String
    let channel: Channel
    let country: CountryCode
    let template: TemplateType
    /// Names the notification: FNV-1a over its id.
    let notification: UInt64
    /// Not after `occurredAt`.
    let attemptedAt: Timestamp
    let occurredAt: Timestamp
    let isSuccess: Bool
    let isThrottled: Bool
    /// What it says of the route itself.
    let routeSign: RouteSign
    /// Milliseconds from the attempt to its outcome; `nil` where that was not told, or where nobody answered.
    let latencyMilliseconds: Double?

    init(_ outcome: Outcome) {
        var hash = FNV1a()
        hash.add(outcome.jobID)
        hash.add(outcome.status.rawValue)
        hash.add(outcome.occurredAt.milliseconds)
        identity = hash.value
        var notificationHash = FNV1a()
        notificationHash.add(outcome.notificationID)
        notification = notificationHash.value
        provider = outcome.provider
        channel = outcome.channel
        country = outcome.recipientCountry
        template = outcome.templateType
        attemptedAt = min(outcome.attemptedAt, outcome.occurredAt)
        occurredAt = outcome.occurredAt
        isSuccess = outcome.status == .delivered
        isThrottled = outcome.status == .throttled
        routeSign = RouteSign(status: outcome.status, responseCode: outcome.responseCode, channel: outcome.channel)
        // A timeout's latency is the caller's patience, not the route's speed.
        latencyMilliseconds = outcome.status == .timeout ? nil : outcome.latencyMilliseconds
    }

    /// When the outcome counts for decisions.
    var visibleAt: Timestamp { occurredAt + LiveHealth.toleranceMilliseconds }
}

extension HealthOutcome: Comparable {
    /// In the order in which outcomes count; the identity makes the order the same however they arrive.
    static func < (left: HealthOutcome, right: HealthOutcome) -> Bool {
        (left.occurredAt, left.identity) < (right.occurredAt, right.identity)
    }
}

/// Fowler, Noll and Vo's hash: the same in every process, unlike Swift's own.
private struct FNV1a {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        add(UInt8.max)
    }

    mutating func add(_ number: Int64) {
        for shift in stride(from: Int64(0), to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }
}
