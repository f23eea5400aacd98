internal import Metrics
internal import Synchronization

/// One series that is counted in: any thread, no lock.
protocol MetricSeries: AnyObject, Sendable {
    /// What it comes to now.
    var value: MetricValue { get }
}

/// A counter's series: whole numbers by one atomic addition, fractions beside them.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fraction = AtomicDouble()

    var value: MetricValue { .number(Double(whole.load(ordering: .relaxed)) + fraction.value) }

    /// What would make a counter fall is not counted.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(amount, ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fraction.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fraction.set(0)
    }
}

/// A gauge's series.
final class GaugeSeries: MetricSeries, RecorderHandler, MeterHandler {
    private let number = AtomicDouble()

    var value: MetricValue { .number(number.value) }

    func record(_ value: Int64) { number.set(Double(value)) }

    func record(_ value: Double) { number.set(value) }

    func set(_ value: Int64) { number.set(Double(value)) }

    func set(_ value: Double) { number.set(value) }

    func increment(by amount: Double) { number.add(amount) }

    func decrement(by amount: Double) { number.add(-amount) }
}

/// A histogram's series: an atomic number for each bucket, and one for the sum.
///
/// A reader may find an observation in its bucket and not yet in the sum; count and buckets always agree, since the count is made of them.
///
/// Unchecked: atomics cannot be copied, so no array holds them; `counts` points to them, is set once, and lives as long as the series.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler, @unchecked Sendable {
    private let bounds: [Double]
    private let counts: UnsafeMutablePointer<Atomic<UInt64>>
    private let sum = AtomicDouble()

    /// - Parameter bounds: ascending.
    init(bounds: [Double]) {
        self.bounds = bounds
        counts = .allocate(capacity: bounds.count + 1)
        for index in 0...bounds.count { (counts + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counts.deinitialize(count: bounds.count + 1)
        counts.deallocate()
    }

    var value: MetricValue {
        .histogram(bounds: bounds, counts: (0...bounds.count).map { counts[$0].load(ordering: .relaxed) }, sum: sum.value)
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        // Some fifteen bounds: a walk is as fast as a search, and what is usual comes early.
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        counts[bucket].wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    /// Durations are kept in seconds.
    func recordNanoseconds(_ duration: Int64) {
        record(Double(max(0, duration)) / 1e9)
    }
}
