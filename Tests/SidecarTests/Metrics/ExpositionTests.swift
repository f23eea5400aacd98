import Metrics
import Sidecar
import Testing

/// The text that Prometheus reads, to the letter.
@Suite struct ExpositionTests {
    private static let exporter = PrometheusExporter([
        MetricDescription("jobs_total", .counter, "Jobs, by \"kind\"\nand more."),
        MetricDescription("wait_seconds", .histogram, "Time spent waiting.", buckets: [0.5, 1, 2.5]),
        MetricDescription("model_info", .info, "The model."),
        MetricDescription("depth", .gauge, "How deep."),
    ])

    private static func count() {
        Counter(label: "jobs_total", dimensions: [("kind", "b")], factory: exporter).increment(by: 2)
        Counter(label: "jobs_total", dimensions: [("kind", "a\"\\\n")], factory: exporter).increment()
        let wait = Timer(label: "wait_seconds", dimensions: [("stage", "x")], factory: exporter)
        for milliseconds in [250, 500, 750, 4000] { wait.recordMilliseconds(milliseconds) }
        Gauge(label: "depth", dimensions: [], factory: exporter).record(1.5)
        exporter.addCollector { [MetricFamily("model_info", .info, "The model.", [.init(MetricLabels([("version", "v2")]), .number(1))])] }
    }

    private static let counted: Void = count()

    @Test func theTextFormat() {
        _ = Self.counted
        #expect(
            Self.exporter.text(as: .text) == #"""
                # HELP depth How deep.
                # TYPE depth gauge
                depth 1.5
                # HELP herald_metrics_refused_total Metrics that are not shown: too many names, or two kinds under one.
                # TYPE herald_metrics_refused_total counter
                herald_metrics_refused_total 0
                # HELP jobs_total Jobs, by "kind"\nand more.
                # TYPE jobs_total counter
                jobs_total{kind="a\"\\\n"} 1
                jobs_total{kind="b"} 2
                # HELP model_info The model.
                # TYPE model_info gauge
                model_info{version="v2"} 1
                # HELP wait_seconds Time spent waiting.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{stage="x",le="0.5"} 2
                wait_seconds_bucket{stage="x",le="1.0"} 3
                wait_seconds_bucket{stage="x",le="2.5"} 3
                wait_seconds_bucket{stage="x",le="+Inf"} 4
                wait_seconds_sum{stage="x"} 5.5
                wait_seconds_count{stage="x"} 4

                """#)
    }

    @Test func openMetrics() {
        _ = Self.counted
        #expect(
            Self.exporter.text(as: .openMetrics) == #"""
                # TYPE depth gauge
                # HELP depth How deep.
                depth 1.5
                # TYPE herald_metrics_refused counter
                # HELP herald_metrics_refused Metrics that are not shown: too many names, or two kinds under one.
                herald_metrics_refused_total 0
                # TYPE jobs counter
                # HELP jobs Jobs, by \"kind\"\nand more.
                jobs_total{kind="a\"\\\n"} 1
                jobs_total{kind="b"} 2
                # TYPE model info
                # HELP model The model.
                model_info{version="v2"} 1
                # TYPE wait_seconds histogram
                # UNIT wait_seconds seconds
                # HELP wait_seconds Time spent waiting.
                wait_seconds_bucket{stage="x",le="0.5"} 2
                wait_seconds_bucket{stage="x",le="1.0"} 3
                wait_seconds_bucket{stage="x",le="2.5"} 3
                wait_seconds_bucket{stage="x",le="+Inf"} 4
                wait_seconds_sum{stage="x"} 5.5
                wait_seconds_count{stage="x"} 4
                # EOF

                """#)
    }

    @Test func numbersThatAreNone() {
        let exporter = PrometheusExporter([])
        for (label, value) in [("a", Double.infinity), ("b", -.infinity), ("c", .nan), ("d", 1e300), ("e", -3)] {
            Gauge(label: label, dimensions: [], factory: exporter).record(value)
        }
        let lines = exporter.text(as: .text).split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("herald_") }
        #expect(lines == ["a +Inf", "b -Inf", "c NaN", "d 1e+300", "e -3"])
    }

    @Test func namesOfLibrariesBecomeLegal() {
        let exporter = PrometheusExporter([])
        Counter(label: "http.requests/é", dimensions: [("status-code", "200"), ("le", "x")], factory: exporter).increment()
        Counter(label: "5xx", dimensions: [], factory: exporter).increment()
        let text = exporter.text(as: .text)
        #expect(text.contains("\nhttp_requests____total{status_code=\"200\",le_=\"x\"} 1\n"))
        #expect(text.contains("\n_5xx_total 1\n"))
    }
}
