import Broker

/// Turns a growing count into a rate between two readings.
struct RateMeter {
    private var last: (count: Int, at: MonotonicTime)?

    /// Counts per second since the reading before; 0 at the first.
    mutating func update(_ count: Int, at now: MonotonicTime = .now) -> Double {
        defer { last = (count, now) }
        guard let last, now > last.at else { return 0 }
        return Double(count - last.count) / ((now - last.at) / .seconds(1))
    }
}
