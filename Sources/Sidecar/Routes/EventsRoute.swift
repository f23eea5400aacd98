internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import Scoring
internal import ServiceLifecycle
package import Store

/// `GET /events`: server-sent events for the dashboard, until the client leaves or the server stops.
package struct EventsRoute {
    /// Without an event for so long, a comment says that the stream lives.
    static let heartbeat = Duration.seconds(15)
    /// Events written at once at most.
    private static let chunk = 256

    private let hub: EventHub
    private let database: Database
    /// Apart from all that asks the database: replays wait for a log that may not be read.
    private let pool = BlockingPool(threads: 2, capacity: 64)
    private let heartbeat: Duration

    package init(hub: EventHub, database: Database) {
        self.init(hub: hub, database: database, heartbeat: Self.heartbeat)
    }

    init(hub: EventHub, database: Database, heartbeat: Duration) {
        self.hub = hub
        self.database = database
        self.heartbeat = heartbeat
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group("events").add(middleware: RoleMiddleware(.read)).get(use: events)
    }

    @Sendable private func events(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let filter = try Self.filter(request)
        let last = request.headers[.lastEventID]
        let lease = try hub.subscribe(filter)
        let body = ResponseBody { [self] writer in
            defer { withExtendedLifetime(lease) {} }
            let subscription = lease.subscription
            try await withGracefulShutdownHandler {
                try await writer.write(ServerSentEvent.beginning)
                if let last, !last.isEmpty, filter.wantsStored { try await replay(after: last, subscription, &writer) }
                // A task that is cancelled gets nothing to wait for any more.
                while !Task.isCancelled, let batch = await subscription.next(within: heartbeat) {
                    try await write(batch, &writer)
                }
                try await writer.finish(nil)
            } onGracefulShutdown: {
                subscription.end()
            }
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache, no-transform", .accelBuffering: "no"],
            body: body)
    }

    static func filter(_ request: Request) throws(Problem) -> EventFilter {
        let query = try Query(request, allowing: ["kinds", "channel", "provider", "country", "action", "outcome"])
        var filter = EventFilter()
        if let kinds = try query.text("kinds") {
            filter.kinds = []
            for word in kinds.split(separator: ",", omittingEmptySubsequences: false) {
                guard let kind = EventKind(rawValue: String(word)) else {
                    let words = EventKind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Problem(.invalidParameter, "kinds are words parted by commas, of: \(words)", field: "kinds")
                }
                filter.kinds.insert(kind)
            }
        }
        filter.channel = try query.word("channel", Channel.self)?.rawValue
        filter.provider = try query.text("provider")
        if let country = try query.text("country") {
            guard CountryCode(country) != nil else {
                throw Problem(.invalidParameter, "country must be a code of ISO 3166-1 alpha-2 as in DE", field: "country")
            }
            filter.country = country
        }
        filter.action = try query.word("action", DecisionKind.self)?.rawValue
        filter.outcome = try query.word("outcome", DeliveryStatus.self)?.rawValue
        return filter
    }

    private func replay(after last: String, _ subscription: EventSubscription, _ writer: inout any ResponseBodyWriter) async throws {
        guard LogReplay.isPosition(last) else {
            return try await writer.write(ServerSentEvent.dropped(nil, reason: "the id of the last event is none of ours"))
        }
        guard !hub.isDatabaseAway else {
            return try await writer.write(ServerSentEvent.dropped(nil, reason: "the database is away"))
        }
        let replay = LogReplay(hub: hub, database: database)
        let filter = subscription.filter
        let (result, end, missed) = try await pool.run {
            var missed = EventBuffer<SidecarEvent>(capacity: EventSubscription.capacity)
            let (result, end) = replay.run(after: last) { event in
                if filter.accepts(event) { missed.append(event) }
            }
            let (dropped, events) = missed.takeAll()
            return (result, end, EventSubscription.Batch(dropped: dropped, events: events))
        }
        // Before the live ones are read: these may be among them already.
        if let end { subscription.skip(through: end) }
        if case .incomplete(let reason) = result { try await writer.write(ServerSentEvent.dropped(nil, reason: reason)) }
        if !missed.events.isEmpty { try await write(missed, &writer) }
    }

    private func write(_ batch: EventSubscription.Batch, _ writer: inout any ResponseBodyWriter) async throws {
        if let gap = batch.gap { try await writer.write(ServerSentEvent.dropped(nil, reason: gap)) }
        if batch.dropped > 0 { try await writer.write(ServerSentEvent.dropped(batch.dropped, reason: "the reader is too slow")) }
        if batch.events.isEmpty, batch.dropped == 0, batch.gap == nil { return try await writer.write(ServerSentEvent.heartbeat) }
        var rest = batch.events[...]
        while !rest.isEmpty {
            var buffer = ByteBuffer()
            for event in rest.prefix(Self.chunk) { buffer.writeImmutableBuffer(event.frame) }
            try await writer.write(buffer)
            rest = rest.dropFirst(Self.chunk)
        }
    }
}
