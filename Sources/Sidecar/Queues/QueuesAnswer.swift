internal import Scoring

/// What `GET /queues` answers, and without routes the event `queues`; null = not known.
struct QueuesAnswer: Encodable, Sendable {
    /// What rates are made of.
    enum RateSource: String, Encodable, Sendable {
        /// What the broker has counted.
        case management
        /// Depths that were sampled: only their net change is known.
        case samples
    }

    /// What figures are missing for.
    enum Lack: String, Encodable, Sendable {
        /// The depths are the last that were known.
        case broker
        /// Rates and ages are missing.
        case management
        /// Routes are as they were when the outcomes' stream was last read.
        case liveHealth = "live_health"
    }

    var at: Timestamp
    var degraded: [Lack]
    var sampledAt: Timestamp?
    var ratesFrom: RateSource
    var totals: Totals
    var queues: [QueueAnswer]

    struct Totals: Encodable, Sendable {
        var depth: Int?
        var jobs: Int?
        var dispatch: Int?
        var retry: Int?
        var quarantine: Int?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(depth, forKey: .depth)
            try container.encode(jobs, forKey: .jobs)
            try container.encode(dispatch, forKey: .dispatch)
            try container.encode(retry, forKey: .retry)
            try container.encode(quarantine, forKey: .quarantine)
        }

        private enum CodingKeys: String, CodingKey {
            case depth
            case jobs
            case dispatch
            case retry
            case quarantine
        }
    }

    init(_ figures: QueueFigures, at now: Timestamp) {
        at = now
        degraded = figures.isBrokerAway ? [.broker] : []
        if figures.isManagementAway { degraded.append(.management) }
        sampledAt = figures.sampledAt
        ratesFrom = figures.hasCounts ? .management : .samples
        totals = Totals(
            // The stream holds what the log has too.
            depth: figures.depth(of: Set(HeraldQueue.Kind.allCases).subtracting([.outcomesRecent])), jobs: figures.depth(of: [.jobs]),
            dispatch: figures.depth(of: [.dispatch]), retry: figures.depth(of: [.retry]), quarantine: figures.depth(of: [.quarantine]))
        queues = figures.queues.map(QueueAnswer.init)
    }

    private enum CodingKeys: String, CodingKey {
        case at
        case degraded
        case sampledAt = "sampled_at"
        case ratesFrom = "rates_from"
        case totals
        case queues
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at, forKey: .at)
        try container.encode(degraded, forKey: .degraded)
        try container.encode(sampledAt, forKey: .sampledAt)
        try container.encode(ratesFrom, forKey: .ratesFrom)
        try container.encode(totals, forKey: .totals)
        try container.encode(queues, forKey: .queues)
    }
}

/// One queue of the answer.
struct QueueAnswer: Encodable, Sendable {
    private let figures: QueueFigures.Queue

    init(_ figures: QueueFigures.Queue) {
        self.figures = figures
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case kind
        case priority
        case delay
        case depth
        case unacknowledged
        case consumers
        case age = "age_s"
        case published = "publish_per_s"
        case delivered = "deliver_per_s"
        case acknowledged = "ack_per_s"
        case net = "net_per_s"
        case window = "window_s"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(figures.queue.name, forKey: .name)
        try container.encode(figures.queue.kind, forKey: .kind)
        try container.encode(figures.queue.priority, forKey: .priority)
        try container.encode(figures.queue.delay, forKey: .delay)
        try container.encode(figures.depth, forKey: .depth)
        try container.encode(figures.unacknowledged, forKey: .unacknowledged)
        try container.encode(figures.consumers, forKey: .consumers)
        try container.encode(figures.age.map(Self.rounded), forKey: .age)
        try container.encode(figures.rates?.published.map(Self.rounded), forKey: .published)
        try container.encode(figures.rates?.delivered.map(Self.rounded), forKey: .delivered)
        try container.encode(figures.rates?.acknowledged.map(Self.rounded), forKey: .acknowledged)
        try container.encode(figures.rates?.net.map(Self.rounded), forKey: .net)
        try container.encode(figures.rates.map { Self.rounded($0.window) }, forKey: .window)
    }

    /// To a thousandth: more would say more than is known.
    static func rounded(_ value: Double) -> Double {
        (value * 1000).rounded() / 1000
    }
}
