/// The last keys that were inserted, as many as `capacity`.
struct RecentKeys<Key: Hashable & Sendable>: Sendable {
    private let capacity: Int
    private var order: [Key] = []
    private var oldest = 0
    private var counts: [Key: Int] = [:]

    /// - Parameter capacity: at least 1.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    func contains(_ key: Key) -> Bool {
        counts[key] != nil
    }

    /// Remembers `key`, and forgets the oldest where there are too many.
    mutating func insert(_ key: Key) {
        counts[key, default: 0] += 1
        guard order.count == capacity else { return order.append(key) }
        forget(order[oldest])
        order[oldest] = key
        oldest = (oldest + 1) % capacity
    }

    private mutating func forget(_ key: Key) {
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}
