package import Broker

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
        let appended = state.wait { state -> Bool? in
            if state.isClosed { return false }
            guard state.weight == 0 || state.weight + weight <= capacity else { return nil }
            state.waiting.append(element)
            state.weight += weight
            return true
        }
        wakeOthers()
        return appended ?? false
    }

    /// Appends where there is room; `false` where there is none, or once the queue is closed.
    package func offer(_ element: Element, weight: Int) -> Bool {
        state.update { state in
            guard !state.isClosed, state.weight == 0 || state.weight + weight <= capacity else { return false }
            state.waiting.append(element)
            state.weight += weight
            return true
        }
    }

    /// Sum of the weights that wait.
    package var weight: Int { state.withLock { $0.weight } }

    /// Everything that waits, after waiting for something; `nil` once the queue is closed and empty.
    package func takeAll() -> [Element]? {
        let taken = state.wait { state -> [Element]? in
            guard !state.waiting.isEmpty else { return state.isClosed ? [] : nil }
            defer {
                state.waiting = []
                state.weight = 0
            }
            return state.waiting
        }
        wakeOthers()
        return taken.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Everything that waits, after waiting for something until `deadline`; nothing where nothing came.
    package func takeAll(until deadline: MonotonicTime) -> [Element] {
        let taken = state.wait(until: deadline) { state -> [Element]? in
            guard !state.waiting.isEmpty || state.isClosed else { return nil }
            defer {
                state.waiting = []
                state.weight = 0
            }
            return state.waiting
        }
        wakeOthers()
        return taken ?? []
    }

    /// Whether it lets nothing in any more.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// `Monitor.wait` changes the state without telling anybody.
    private func wakeOthers() {
        state.update { _ in }
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
