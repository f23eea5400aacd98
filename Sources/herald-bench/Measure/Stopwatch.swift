internal import CBench

/// Wall-clock time of one thing.
enum Stopwatch {
    /// Nanoseconds that `body` takes; what it returns is given up after that.
    static func nanoseconds<Result>(_ body: () throws -> Result) rethrows -> Double {
        let start = cbench_now()
        let result = try body()
        let elapsed = cbench_now() - start
        withExtendedLifetime(result) {}
        return Double(elapsed)
    }
}
