/// One documented configuration key: where it stands, what it means, its unit and its default.
package struct ConfigurationKey: Sendable {
    enum Kind: String, Sendable {
        case text
        case integer
        case list
        /// true or false.
        case flag
    }

    /// Dotted name, as in `herald.yaml`: `rabbitmq.prefetch`.
    package let name: String
    let kind: Kind
    /// As it would be written in an environment variable; a list's elements are parted by commas.
    package let defaultValue: String
    /// For integers, the values allowed.
    let range: ClosedRange<Int>?
    /// One sentence with the unit.
    let summary: String

    /// The environment variable that sets this key: `HERALD_RABBITMQ_PREFETCH`.
    package var environmentVariable: String {
        "HERALD_" + Self.screamingSnakeCase(name)
    }

    /// `rabbitmq.ca-file` → `RABBITMQ_CA_FILE`: how swift-configuration spells a key as an environment variable.
    static func screamingSnakeCase(_ name: String) -> String {
        String(name.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
    }
}

extension ConfigurationKey {
    /// Every key there is; a key that is not here is an error at start.
    package static let all: [ConfigurationKey] = [
        .text(
            "rabbitmq.url", "amqp://guest:guest@127.0.0.1:5672/",
            "URL of the broker, amqp:// or amqps://; ?cacertfile=FILE = authorities to trust."),
        .text("rabbitmq.queue-prefix", "herald", "What the names of all queues and exchanges begin with."),
        .text(
            "rabbitmq.management-url", "",
            "URL of the broker's management plugin, for rates and ages of queues; empty = rates are net changes, ages unknown."),
        .integer("rabbitmq.prefetch", 1000, 1...2000, "Unacknowledged jobs the broker hands out; bounds the jobs in flight."),
        .integer("rabbitmq.confirm-window", 1024, 1...1024, "Published messages that may await their confirm."),
        .text("mongodb.url", "mongodb://127.0.0.1:27017/?replicaSet=rs0", "URL of the database, a replica set."),
        .text("mongodb.database", "", "Name of the database; empty = the one in the URL, or herald."),
        .integer("mongodb.retention-days", 90, 1...3650, "Days after which decisions and outcomes are deleted."),
        .text(
            "scoring.model", "models/champion",
            "Folder of the model artifact; FOLDER/champion = whatever is champion there, at any time; empty = rule policy."),
        .text(
            "registry.store", "mongodb",
            "Where models are registered: mongodb (FOLDER mirrors it), or disk (FOLDER alone, for one machine)."),
        .list("scoring.ladder", "15s,1m,5m,15m,1h,3h,6h,12h,24h", "Steps of the delay ladder, ascending; a retry queue for each."),
        .integer("scoring.batch-size", 256, 1...1024, "Jobs scored together at most."),
        .integer(
            "scoring.batch-wait-ms", 5, 0...1000,
            "Milliseconds a batch waits for more jobs after its first; less where little is in flight."),
        .integer(
            "scoring.latency-budget-ms", 500, 1...60_000, "Milliseconds the model may take for a batch before the rules decide for a while."
        ),
        .integer("scoring.drain-timeout-ms", 4000, 100...4500, "Milliseconds a stop waits for what is in flight."),
        .text("http.host", "127.0.0.1", "Address that the sidecar listens on; any but a loopback address demands tokens and TLS."),
        .integer("http.port", 8080, 0...65_535, "Port of the sidecar; 0 = any free one."),
        .integer("http.health-port", 8081, -1...65_535, "Port that only tells of the sidecar's health; 0 = any free one, -1 = none."),
        .text("http.token-file", "", "File with the tokens that the sidecar accepts, see `herald token`; empty = nobody needs one."),
        .text("http.tls-certificate-file", "", "PEM file with the sidecar's certificate and its chain; empty = no TLS."),
        .text("http.tls-key-file", "", "PEM file with the certificate's private key."),
        .flag("http.allow-plaintext", "false", "Whether tokens may travel without TLS beyond this machine: behind a proxy that has it."),
        .list("http.allowed-origins", "", "Origins whose pages may use the sidecar, as https://ops.example.com; empty = its own only."),
        .text("http.dashboard-folder", "dashboard/dist", "Folder of the dashboard's files; empty = no dashboard."),
        .integer("http.requests-in-flight", 256, 1...10_000, "Requests answered at a time; more are refused with 503."),
        .integer("http.connections", 4096, 1...100_000, "Connections at a time; more are closed at once."),
        .integer("http.connections-per-address", 1024, 1...100_000, "Connections of one address at a time; more are closed at once."),
        .text("privacy.recipient-key-file", "", "File with the key of the recipient hash, 32 bytes or more; empty = none is stored."),
        .text("metrics.host", "127.0.0.1", "Address that `herald score` listens on for metrics and health; it asks for no token."),
        .integer("metrics.port", 9464, 0...65_535, "Port of /metrics, /health/live and /health/ready of `herald score`; 0 = none."),
        .integer("simulation.speed", 1, 1...3600, "Simulated seconds in a real one; above 1 for simulations only."),
        .text("simulation.origin", "", "RFC 3339 time when simulated and real time were the same; empty = the last midnight, UTC."),
        .text(
            "http.data-folder", "data",
            "Folder whose CSV files POST /train may train on; empty = decisions and outcomes in MongoDB alone."),
        .text("log.level", "info", "trace, debug, info, notice, warning, error or critical."),
    ]

    private static func text(_ name: String, _ value: String, _ summary: String) -> Self {
        Self(name: name, kind: .text, defaultValue: value, range: nil, summary: summary)
    }

    private static func list(_ name: String, _ value: String, _ summary: String) -> Self {
        Self(name: name, kind: .list, defaultValue: value, range: nil, summary: summary)
    }

    private static func flag(_ name: String, _ value: String, _ summary: String) -> Self {
        Self(name: name, kind: .flag, defaultValue: value, range: nil, summary: summary)
    }

    private static func integer(_ name: String, _ value: Int, _ range: ClosedRange<Int>, _ summary: String) -> Self {
        Self(name: name, kind: .integer, defaultValue: String(value), range: range, summary: summary)
    }
}
