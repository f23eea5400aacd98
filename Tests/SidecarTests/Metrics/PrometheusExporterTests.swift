import Foundation
import Metrics
import Sidecar
import Testing

@Suite struct PrometheusExporterTests {
    private func value(_ exporter: PrometheusExporter, _ name: String, _ labels: [(String, String)] = []) -> MetricValue? {
        exporter.families().first { $0.name == name }?.series.first { $0.labels == MetricLabels(labels) }?.value
    }

    @Test func theSameLabelsAreTheSameSeries() {
        let exporter = PrometheusExporter([])
        for amount in 1...4 { Counter(label: "a", dimensions: [("x", "1")], factory: exporter).increment(by: amount) }
        FloatingPointCounter(label: "a", dimensions: [("x", "1")], factory: exporter).increment(by: 0.25)
        #expect(value(exporter, "a_total", [("x", "1")]) == .number(10.25))
    }

    @Test func aCounterNeverFalls() {
        let exporter = PrometheusExporter([])
        let counter = Counter(label: "a_total", dimensions: [], factory: exporter)
        counter.increment(by: 3)
        counter.increment(by: -2)
        #expect(value(exporter, "a_total") == .number(3))
        counter.reset()
        #expect(value(exporter, "a_total") == .number(0))
    }

    @Test func gaugesGoBothWays() {
        let exporter = PrometheusExporter([])
        let meter = Meter(label: "a", dimensions: [], factory: exporter)
        meter.set(5)
        meter.increment(by: 2.5)
        meter.decrement(by: 10)
        #expect(value(exporter, "a") == .number(-2.5))
    }

    @Test func anObservationOnABoundIsBelowIt() {
        let exporter = PrometheusExporter([MetricDescription("a", .histogram, "A.", buckets: [1, 2])])
        let recorder = Recorder(label: "a", dimensions: [], aggregate: true, factory: exporter)
        for number in [1.0, 1.5, 2, 2.5, .nan] { recorder.record(number) }
        #expect(value(exporter, "a") == .histogram(bounds: [1, 2], counts: [1, 2, 1], sum: 7))
    }

    /// Labels whose values come from outside must not be able to fill the memory.
    @Test func seriesBeyondTheLimitAreCountedTogether() {
        let exporter = PrometheusExporter([MetricDescription("a_total", .counter, "A.", seriesLimit: 3)])
        for number in 0..<100 { Counter(label: "a_total", dimensions: [("p", "\(number)")], factory: exporter).increment(by: 2) }
        let family = exporter.families().first { $0.name == "a_total" }
        #expect(family?.series.count == 4)
        #expect(value(exporter, "a_total", [("p", "other")]) == .number(194))
        #expect(value(exporter, "herald_metrics_folded_total", [("metric", "a_total")]) == .number(97))
        // A known one goes on by itself.
        Counter(label: "a_total", dimensions: [("p", "1")], factory: exporter).increment()
        #expect(value(exporter, "a_total", [("p", "1")]) == .number(3))
    }

    @Test func metricsBeyondTheLimitAreRefused() {
        let exporter = PrometheusExporter([])
        for number in 0..<(PrometheusExporter.familyLimit + 7) {
            Counter(label: "a\(number)", dimensions: [], factory: exporter).increment()
        }
        #expect(exporter.families().count { $0.name.hasPrefix("a") } == PrometheusExporter.familyLimit)
        #expect(value(exporter, "herald_metrics_refused_total") == .number(7))
    }

    @Test func aNameHasOneKind() {
        let exporter = PrometheusExporter([])
        Gauge(label: "a_total", dimensions: [], factory: exporter).record(1)
        Counter(label: "a_total", dimensions: [], factory: exporter).increment(by: 5)
        #expect(value(exporter, "a_total") == .number(1))
        #expect(value(exporter, "herald_metrics_refused_total") == .number(1))
    }

    @Test func aGaugeCanBeAnInformation() {
        let exporter = PrometheusExporter([MetricDescription("a_info", .info, "A.")])
        Gauge(label: "a_info", dimensions: [("version", "1")], factory: exporter).record(1)
        #expect(exporter.text(as: .openMetrics).hasPrefix("# TYPE a info\n# HELP a A.\na_info{version=\"1\"} 1\n"))
    }

    @Test func whatIsDestroyedIsGone() {
        let exporter = PrometheusExporter([])
        let gauges = ["x", "y"].map { Gauge(label: "a", dimensions: [("p", $0)], factory: exporter) }
        gauges[0].destroy()
        #expect(exporter.families().first { $0.name == "a" }?.series.map(\.labels) == [MetricLabels([("p", "y")])])
    }

    @Test func longLabelsAreCutOff() {
        let labels = MetricLabels([("p", String(repeating: "x", count: 5000))])
        #expect(labels.labels.map(\.value.utf8.count) == [128])
    }

    @Test func nothingIsLostBetweenThreads() async {
        let exporter = PrometheusExporter([MetricDescription("h", .histogram, "H.", buckets: [1, 2, 3])])
        await withTaskGroup { group in
            for thread in 0..<8 {
                group.addTask {
                    for number in 0..<20_000 {
                        Counter(label: "a", dimensions: [("t", "\(thread % 2)")], factory: exporter).increment()
                        Recorder(label: "h", dimensions: [], aggregate: true, factory: exporter).record(number % 4)
                    }
                }
            }
            // Reading meanwhile never shows a count that its buckets do not add up to.
            group.addTask {
                for _ in 0..<200 { _ = exporter.text(as: .text) }
            }
        }
        #expect(value(exporter, "a_total", [("t", "0")]) == .number(80_000))
        #expect(value(exporter, "a_total", [("t", "1")]) == .number(80_000))
        #expect(value(exporter, "h") == .histogram(bounds: [1, 2, 3], counts: [80_000, 40_000, 40_000, 0], sum: 240_000))
    }

    @Test func gaugesAreBroughtUpToDateBeforeEveryReading() {
        let exporter = PrometheusExporter([])
        let gauge = Gauge(label: "a", dimensions: [], factory: exporter)
        exporter.beforeReading { gauge.record(7) }
        #expect(value(exporter, "a") == .number(7))
    }

    @Test func theProcessIsThisOne() throws {
        let families = Dictionary(uniqueKeysWithValues: ProcessMetrics.families().map { ($0.name, $0) })
        func number(_ name: String) throws -> Double {
            guard case .number(let value) = try #require(families[name]?.series.first?.value) else { return .nan }
            return value
        }
        let now = Date.now.timeIntervalSince1970
        let start = try number("process_start_time_seconds")
        #expect(start <= now + 1 && start > now - 86_400)
        #expect(try number("process_cpu_seconds_total") > 0)
        #expect(try number("process_resident_memory_bytes") > 1_000_000)
        #expect(try number("process_virtual_memory_bytes") >= number("process_resident_memory_bytes"))
        let open = try number("process_open_fds")
        let files = try (0..<20).map { _ in try FileHandle(forReadingFrom: URL(filePath: "/dev/null")) }
        let more = Dictionary(uniqueKeysWithValues: ProcessMetrics.families().map { ($0.name, $0) })
        guard case .number(let openNow) = try #require(more["process_open_fds"]?.series.first?.value) else { return }
        // Other tests open and close files too.
        #expect(openNow >= open + 10)
        #expect(try number("process_max_fds") >= openNow)
        for file in files { try file.close() }
    }
}
