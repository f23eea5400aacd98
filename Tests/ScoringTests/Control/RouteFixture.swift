import Scoring

/// A route whose outcomes are fed to live health one by one, as attempts are made on it.
struct RouteFixture {
    /// How an attempt on the route ends.
    enum End {
        case delivered
        case throttled
        /// The route's own failure.
        case unanswered
        /// The recipient's.
        case hardBounce
        case recipientBusy
    }

    static let start = Timestamp(milliseconds: 1_772_600_000_000)

    let provider: String
    var health: LiveHealth
    private(set) var time: Timestamp
    private(set) var count = 0

    init(_ provider: String = "alpha", health: LiveHealth = LiveHealth(), from time: Timestamp = Self.start) {
        self.provider = provider
        self.health = health
        self.time = time
    }

    static func outcome(
        _ number: Int, _ end: End, through provider: String = "alpha", at time: Timestamp, attemptedAt: Timestamp? = nil,
        notification: Int? = nil
    ) throws -> Outcome {
        let (status, code): (DeliveryStatus, Int?) =
            switch end {
            case .delivered: (.delivered, 250)
            case .throttled: (.throttled, 421)
            case .unanswered: (.timeout, nil)
            case .hardBounce: (.hardBounce, 550)
            case .recipientBusy: (.softBounce, 450)
            }
        return Outcome(
            jobID: "\(provider)-\(number)", notificationID: "note-\(notification ?? number)", provider: provider, channel: .email,
            recipientCountry: try JobFixture.country("DE"), templateType: .transactional, status: status, responseCode: code,
            latencyMilliseconds: nil, attemptedAt: attemptedAt ?? time, occurredAt: time)
    }

    /// One outcome `milliseconds` after the last, counted.
    mutating func take(_ end: End, after milliseconds: Int64, attemptedBefore: Int64 = 0, notification: Int? = nil) throws {
        time = time + milliseconds
        count += 1
        health.observe(
            try Self.outcome(count, end, through: provider, at: time, attemptedAt: time + -attemptedBefore, notification: notification))
        health.advance(to: time + LiveHealth.toleranceMilliseconds)
    }

    mutating func take(_ end: End, times: Int, every milliseconds: Int64) throws {
        for _ in 0..<times { try take(end, after: milliseconds) }
    }

    mutating func wait(_ milliseconds: Int64) {
        time = time + milliseconds
    }

    var breaker: CircuitBreaker? { health.control(of: provider)?.breaker }
    var price: RoutePrice? { health.control(of: provider)?.price }

    var state: CircuitBreaker.State? { breaker?.state(at: time) }
    var share: Double? { breaker?.admittedShare(at: time, health.control.breaker) }
    var points: Double? { price?.points(at: time, health.control.price) }
    var capacity: Double? { price?.capacityPerSecond(at: time, health.control.price) }
}
