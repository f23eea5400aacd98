/// Refused messages and when to try each again.
///
/// Pure; bounded by what the publisher accepts. Retries are rare and few, so a plain list with its earliest time does.
package struct RetrySchedule<Message: Sendable>: Sendable {
    private var entries: [(due: MonotonicTime, message: Message)] = []
    /// When the next message is due; nil if there is none.
    package private(set) var earliest: MonotonicTime?

    package init() {}

    package var count: Int { entries.count }

    package mutating func add(_ message: Message, due: MonotonicTime) {
        entries.append((due, message))
        earliest = min(earliest ?? due, due)
    }

    /// Removes and returns the messages due at `now`, in the order of adding.
    package mutating func takeDue(now: MonotonicTime) -> [Message] {
        guard let earliest, earliest <= now else { return [] }
        let due = entries.filter { $0.due <= now }.map(\.message)
        entries.removeAll { $0.due <= now }
        self.earliest = entries.map(\.due).min()
        return due
    }

    /// Removes and returns everything.
    package mutating func takeAll() -> [Message] {
        defer {
            entries.removeAll()
            earliest = nil
        }
        return entries.map(\.message)
    }
}
