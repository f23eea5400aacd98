internal import Foundation

/// A first-in first-out queue between threads with a limit on its weight: `append` waits while it is full, `takeAll` while it is empty.
///
/// `@unchecked Sendable`: every access to `waiting`, `weight` and `isClosed` happens while `condition` is locked.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacity: Int
    private var waiting: [Element] = []
    private var weight = 0
    private var isClosed = false

    /// - Parameter capacity: sum of the weights that may wait; one element heavier than that passes alone.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Appends, after waiting for room. `false`, without appending, once the queue is closed.
    func append(_ element: Element, weight added: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isClosed && weight > 0 && weight + added > capacity { condition.wait() }
        guard !isClosed else { return false }
        waiting.append(element)
        weight += added
        condition.broadcast()
        return true
    }

    /// Everything that waits, after waiting for something; `nil` once the queue is closed and empty.
    func takeAll() -> [Element]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty && !isClosed { condition.wait() }
        guard !waiting.isEmpty else { return nil }
        defer {
            waiting = []
            weight = 0
            condition.broadcast()
        }
        return waiting
    }

    /// Sleeps for `duration` or until the queue is closed. `true` when it is closed.
    func pause(for duration: TimeInterval) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: duration)
        while !isClosed && condition.wait(until: end) {}
        return isClosed
    }

    /// Lets in nothing more and wakes whoever waits; what is in the queue can still be taken.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }
}
