internal import Broker

/// A first-in first-out queue between threads with a limit on its weight: `append` waits while it is full, `takeAll` while it is empty.
package final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Element] = []
        var weight = 0
        var isClosed = false
    }

    private let state = Monitor(State())
    private let capacity: Int

    /// - Parameter capacity: sum of the weights that may wait; one element heavier than that passes alone.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// Appends, after waiting for room; `false`, without appending, once the queue is closed.
    package func append(_ element: Element, weight: Int) -> Bool {
        let capacity = capacity
        _ = state.wait { $0.isClosed || $0.weight == 0 || $0.weight + weight <= capacity ? true : nil }
        return state.update { state in
            guard !state.isClosed else { return false }
            state.waiting.append(element)
            state.weight += weight
            return true
        }
    }

    /// Everything that waits, after waiting for something; `nil` once the queue is closed and empty.
    package func takeAll() -> [Element]? {
        _ = state.wait { $0.isClosed || !$0.waiting.isEmpty ? true : nil }
        return state.update { state in
            guard !state.waiting.isEmpty else { return nil }
            defer {
                state.waiting = []
                state.weight = 0
            }
            return state.waiting
        }
    }

    /// Sleeps for `duration` or until the queue is closed, and says whether it is.
    package func pause(for duration: Duration) -> Bool {
        state.wait(until: .now + duration) { $0.isClosed ? true : nil } ?? false
    }

    /// Lets in nothing more and wakes whoever waits; what is in the queue can still be taken.
    package func close() {
        state.update { $0.isClosed = true }
    }
}
