internal import CBench

/// The rate of the core, measured: a chain of additions takes a cycle each, whatever the time-stamp counter says.
enum CoreClock {
    /// Core cycles per nanosecond: the best of several short chains, since nothing but an interruption can make one slower.
    static func cyclesPerNanosecond() -> Double {
        let steps: Int64 = 4_000_000
        let best = (0..<9).map { _ in cbench_addition_chain(steps) }.min() ?? steps
        return Double(steps) / Double(best)
    }
}
