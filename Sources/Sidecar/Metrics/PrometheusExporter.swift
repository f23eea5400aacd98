package import Metrics
internal import Synchronization

/// Keeps this process's metrics for Prometheus to read: a backend of swift-metrics.
///
/// Names are the ones that Prometheus sees (`herald_decisions_total`); timers and recorders are histograms, of seconds where they are
/// timers; gauges and meters are gauges. A `MetricsSystem` takes one backend in the life of a process; an exporter works without it too,
/// where metrics are made with `factory:`.
///
/// **Bounded.** A metric has at most as many series as its description allows. Whatever comes beyond is counted in one series more whose
/// labels all say `other`, and `herald_metrics_folded_total` tells how often a series was asked for that is not there. A metric beyond
/// `familyLimit`, or of another kind than its name has already, is taken and shown nowhere; `herald_metrics_refused_total` counts those.
package final class PrometheusExporter: Sendable {
    /// Metrics at most, those of libraries included.
    package static let familyLimit = 500
    /// Bounds of a histogram that nothing describes.
    static let defaultBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    fileprivate struct Family {
        var description: MetricDescription
        var series: [MetricLabels: any MetricSeries] = [:]
        /// How often a series was asked for beyond the limit.
        var folded: UInt64 = 0
    }

    fileprivate struct Storage {
        var families: [String: Family] = [:]
        var refused: UInt64 = 0
        var updates: [@Sendable () -> Void] = []
        var collectors: [@Sendable () -> [MetricFamily]] = []
    }

    private let descriptions: [String: MetricDescription]
    private let storage = Mutex(Storage())

    /// - Parameter descriptions: of the metrics that are known; another one has a general help text and the usual limits.
    package init(_ descriptions: [MetricDescription] = MetricCatalogue.all) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
    }

    // MARK: Reading

    /// Has `update` called before every reading, by whoever reads: it brings gauges up to date.
    package func beforeReading(_ update: @escaping @Sendable () -> Void) {
        storage.withLock { $0.updates.append(update) }
    }

    /// Adds metrics that are found at every reading instead of being counted.
    package func addCollector(_ collect: @escaping @Sendable () -> [MetricFamily]) {
        storage.withLock { $0.collectors.append(collect) }
    }

    /// All metrics by name, each with its series in the order of their labels.
    package func families() -> [MetricFamily] {
        let (updates, collectors) = storage.withLock { ($0.updates, $0.collectors) }
        for update in updates { update() }
        let collected = collectors.flatMap { $0() }
        let own = storage.withLock { $0.counted }
        return (own + collected).sorted { $0.name < $1.name }
    }

    /// All metrics as text; may wait for what updates the gauges.
    package func text(as format: ExpositionFormat) -> String {
        Exposition.text(of: families(), as: format)
    }

    // MARK: Making

    /// The series of these labels, made where there is none; `nil` where the metric is refused.
    private func series<Series: MetricSeries>(
        _ label: String, _ kind: MetricKind, _ dimensions: [(String, String)], make: (MetricDescription) -> Series
    ) -> Series? {
        let name = MetricName.metric(label, kind)
        let labels = MetricLabels(dimensions)
        return storage.withLock { storage in
            guard storage.families[name] != nil || storage.families.count < Self.familyLimit else {
                storage.refused += 1
                return nil
            }
            var family = storage.families[name] ?? Family(description: description(of: name, kind))
            // swift-metrics knows of no information: it is counted as a gauge.
            guard family.description.kind == kind || (family.description.kind == .info && kind == .gauge) else {
                storage.refused += 1
                return nil
            }
            defer { storage.families[name] = family }
            if let series = family.series[labels] { return series as? Series }
            let isFull = family.series.count >= family.description.seriesLimit && !labels.labels.isEmpty
            if isFull { family.folded += 1 }
            let place = isFull ? labels.folded : labels
            if let series = family.series[place] { return series as? Series }
            let series = make(family.description)
            family.series[place] = series
            return series
        }
    }

    private func description(of name: String, _ kind: MetricKind) -> MetricDescription {
        descriptions[name]
            ?? MetricDescription(
                name, kind, "A metric of a library.", buckets: kind == .histogram ? Self.defaultBuckets : [])
    }

    private func remove(_ series: any MetricSeries) {
        storage.withLock { storage in
            for (name, family) in storage.families {
                guard let labels = family.series.first(where: { $0.value === series })?.key else { continue }
                // Others may be counting in what stands for many.
                if labels != labels.folded || labels.labels.isEmpty { storage.families[name]?.series[labels] = nil }
                return
            }
        }
    }
}

extension PrometheusExporter.Storage {
    /// What was counted, and how far that is incomplete.
    fileprivate var counted: [MetricFamily] {
        var found = families.values.map { family in
            MetricFamily(
                family.description.name, family.description.kind, family.description.help,
                family.series.sorted { $0.key < $1.key }.map { MetricFamily.Series($0.key, $0.value.value) })
        }
        found.append(
            MetricFamily(
                "herald_metrics_folded_total", .counter, "Times that a series was asked for beyond its metric's limit, by metric.",
                families.filter { $0.value.folded > 0 }.sorted { $0.key < $1.key }.map { name, family in
                    MetricFamily.Series(MetricLabels([("metric", name)]), .number(Double(family.folded)))
                }))
        found.append(
            MetricFamily(
                "herald_metrics_refused_total", .counter, "Metrics that are not shown: too many names, or two kinds under one.",
                Double(refused)))
        return found
    }
}

// MARK: - swift-metrics

extension PrometheusExporter: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions) { _ in CounterSeries() } ?? CounterSeries()
    }

    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(label, .counter, dimensions) { _ in CounterSeries() } ?? CounterSeries()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { _ in GaugeSeries() } ?? GaugeSeries()
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions) { _ in GaugeSeries() } ?? GaugeSeries() }
        return histogram(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        series(label, .histogram, dimensions) { HistogramSeries(bounds: $0.buckets) } ?? HistogramSeries(bounds: [])
    }

    package func destroyCounter(_ handler: any CounterHandler) { destroy(handler) }

    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { destroy(handler) }

    package func destroyMeter(_ handler: any MeterHandler) { destroy(handler) }

    package func destroyRecorder(_ handler: any RecorderHandler) { destroy(handler) }

    package func destroyTimer(_ handler: any TimerHandler) { destroy(handler) }

    private func destroy(_ handler: AnyObject) {
        if let series = handler as? any MetricSeries { remove(series) }
    }
}
