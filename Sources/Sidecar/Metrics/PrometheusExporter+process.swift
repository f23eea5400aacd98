extension PrometheusExporter {
    /// An exporter with what every process of Herald tells of itself: build and use of resources.
    ///
    /// - Parameter version: of Herald.
    package static func ofThisProcess(version: String) -> PrometheusExporter {
        let exporter = PrometheusExporter()
        let labels = MetricLabels([("version", version), ("swift", swiftVersion), ("configuration", configuration)])
        let build = MetricFamily(
            "herald_build_info", .info, "The version of Herald and what it was built with.", [MetricFamily.Series(labels, .number(1))])
        exporter.addCollector { ProcessMetrics.families() + [build] }
        return exporter
    }

    private static var swiftVersion: String {
        #if compiler(>=6.4)
        "6.4 or later"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }

    private static var configuration: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }
}
