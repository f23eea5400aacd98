/// Every metric of Herald's own, with its help text and, for histograms, the bounds of its buckets.
///
/// The names are those that the parts count under through swift-metrics: here is what swift-metrics has no place for.
package enum MetricCatalogue {
    /// In the order of docs/README.md.
    package static let all: [MetricDescription] = scorer + sidecar

    /// From 100 µs, which is a stage of a small batch, to 10 s, which is an outage.
    package static let stageSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
    /// From 100 µs, which is a prediction, to 10 s, the longest that a caller waits.
    package static let requestSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
    /// From 1 ms to an hour: a queue that was left alone shows.
    package static let lagSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 3600]
    /// Powers of two up to the largest batch.
    package static let batchJobs = [1.0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

    private static let scorer = [
        MetricDescription("herald_decisions_total", .counter, "Decisions by what is to be done, how urgently, and the job's channel."),
        MetricDescription(
            "herald_degraded_decisions_total", .counter,
            "Decisions of the rule policy in place of a model, by the reason; herald_decisions_total has them too."),
        MetricDescription("herald_quarantined_total", .counter, "Messages sent to quarantine, by the reason."),
        MetricDescription("herald_outcomes_total", .counter, "Outcomes taken for the log, by status and channel."),
        MetricDescription(
            "herald_decision_lag_seconds", .histogram, "Real seconds from a job's due time to its first decision.", buckets: lagSeconds),
        MetricDescription("herald_batch_jobs", .histogram, "Jobs decided together.", buckets: batchJobs),
        MetricDescription(
            "herald_stage_seconds", .histogram,
            "Seconds that a batch took to decode, to score (features, model, policy), to publish (hand over), to confirm (by the broker, all "
                + "of it), to log (durably, all of it), and from its arrival to its last acknowledgement (ack).",
            buckets: stageSeconds),
        MetricDescription("herald_jobs_in_flight", .gauge, "Jobs handed out by the broker and not yet acknowledged."),
        MetricDescription("herald_broker_up", .gauge, "Whether jobs can be consumed: 1, or 0 while the broker is away."),
        MetricDescription("herald_database_up", .gauge, "Whether the last write reached the database: 1 or 0."),
        MetricDescription("herald_log_queue_records", .gauge, "Records that wait to be written to the database, by log."),
        MetricDescription(
            "herald_spool_records_total", .counter, "Log records that went into the spool while the database was away, and out of it again."
        ),
        MetricDescription("herald_live_health_outcomes_total", .counter, "Outcomes that live health heard, by what it did with them."),
        MetricDescription(
            "herald_model_changes_total", .counter, "Looks for a new model that found one: swapped, or refused because it is broken."),
        MetricDescription("herald_route_breakers", .gauge, "Routes whose breaker is in a state."),
        MetricDescription(
            "herald_route_breaker_state", .gauge, "State of a route's breaker: 1 for the one it is in, 0 for the others.",
            // Three states of each route that is shown, and some room while routes come and go.
            seriesLimit: 1000),
        MetricDescription("herald_model_info", .info, "Version of the model in use; none = the rule policy."),
    ]

    private static let sidecar = [
        MetricDescription(
            "herald_http_requests_total", .counter, "Requests answered, by route, method and status; 499 = the client left first."),
        MetricDescription(
            "herald_http_request_seconds", .histogram, "Seconds from a request's head to its answer, by route.", buckets: requestSeconds),
        MetricDescription("herald_prediction_records_dropped_total", .counter, "Predictions that found no room on their way to the log."),
        MetricDescription("herald_degraded", .gauge, "Whether answers have to do without something: 1 or 0."),
    ]
}
