/// What waits for one reader: the youngest elements, and how many older ones were lost because it was too slow.
package struct EventBuffer<Element> {
    private let capacity: Int
    private var elements: [Element] = []
    /// Where the oldest stands in `elements`; those before it are gone.
    private var first = 0
    package private(set) var dropped = 0

    /// - Parameter capacity: ≥ 1.
    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    package var isEmpty: Bool { dropped == 0 && first == elements.count }
    package var count: Int { elements.count - first }

    package mutating func append(_ element: Element) {
        elements.append(element)
        guard count > capacity else { return }
        first += 1
        dropped += 1
        // Moves each element once for each time that the buffer is passed through.
        if first >= capacity {
            elements.removeFirst(first)
            first = 0
        }
    }

    /// Everything that waits, oldest first, and how many were lost before it.
    package mutating func takeAll() -> (dropped: Int, elements: [Element]) {
        defer {
            elements.removeAll(keepingCapacity: true)
            first = 0
            dropped = 0
        }
        return (dropped, Array(elements[first...]))
    }

    /// Takes out what does not fulfil a condition; nothing counts as lost.
    package mutating func keep(_ isKept: (Element) -> Bool) {
        elements = elements[first...].filter(isKept)
        first = 0
    }
}
