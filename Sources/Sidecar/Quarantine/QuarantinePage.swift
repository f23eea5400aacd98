/// A page of the quarantine in the making: sees message after message from the head of the queue, and keeps those of the page.
package struct QuarantinePage<Entry: Sendable>: Sendable {
    private let size: Int
    private let cursor: QuarantineCursor?
    package private(set) var entries: [Entry] = []
    /// Whether the message that the cursor names is still there; without a cursor the page begins at the head.
    package private(set) var isFound: Bool
    /// Messages seen.
    package private(set) var seen = 0
    private var last: QuarantineCursor?

    /// - Parameters:
    ///   - size: most entries.
    ///   - cursor: behind which the page begins.
    package init(size: Int, after cursor: QuarantineCursor?) {
        self.size = size
        self.cursor = cursor
        isFound = cursor == nil
    }

    /// Sees the next message.
    ///
    /// - Parameter show: makes the entry of a message that is on the page.
    package mutating func see(_ id: String, _ show: () -> Entry) {
        seen += 1
        if let cursor, id == cursor.id, seen <= cursor.place {
            // Messages that are alike have one id: the nearest before its old place is the one. Those before it may have left.
            isFound = true
            entries.removeAll()
            last = nil
            return
        }
        guard isFound, entries.count < size else { return }
        entries.append(show())
        last = QuarantineCursor(place: seen, id: id)
    }

    /// Whether no message behind can change it any more.
    package var isComplete: Bool { entries.count == size && seen >= (cursor?.place ?? 0) }

    /// Where the next page begins, if there is one.
    ///
    /// - Parameter count: messages that can be seen.
    package func next(of count: Int) -> QuarantineCursor? {
        last.flatMap { $0.place < count ? $0 : nil }
    }
}
