internal import Broker
internal import Store

/// What a client has missed since the event that it names: read once more from the log, up to where the live events begin.
struct LogReplay: Sendable {
    /// How long it may take.
    static let patience = Duration.seconds(5)
    /// Events read at most.
    static let limit = 8192

    /// What was missed, as far as it can still be told.
    enum Result: Sendable {
        case complete
        /// The rest is missing, for a reason.
        case incomplete(String)
    }

    let hub: EventHub
    let database: Database

    /// Hands to `take` every event behind `position` and up to the live ones, oldest first.
    ///
    /// - Returns: how it ended, and the position from which live events go on.
    func run(after position: String, _ take: (SidecarEvent) -> Void) -> (result: Result, end: String?) {
        let deadline = MonotonicTime.now + Self.patience
        guard let end = hub.awaitPosition(until: deadline) else { return (.incomplete("the log is not being read"), nil) }
        guard position < end else { return (.complete, position) }
        do {
            let feed = try ChangeFeed(database, after: position)
            for _ in 0..<Self.limit {
                guard MonotonicTime.now < deadline else { return (.incomplete("too much was missed"), end) }
                if let change = try feed.next() {
                    guard change.position <= end else { return (.complete, end) }
                    take(try SidecarEvent(change))
                    if change.position == end { return (.complete, end) }
                } else if let reached = feed.position, reached >= end {
                    return (.complete, end)
                }
            }
            return (.incomplete("too much was missed"), end)
        } catch {
            return (.incomplete("the log does not reach back that far"), end)
        }
    }

    /// Whether a text can be a position: the hexadecimal digits that events carried as their ids.
    static func isPosition(_ text: String) -> Bool {
        (16...512).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) }
    }
}
