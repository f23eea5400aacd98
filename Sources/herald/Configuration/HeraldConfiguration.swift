import Foundation
import Logging
package import Scoring

/// Everything that can be configured, read and checked once at start.
package struct HeraldConfiguration: Sendable {
    package struct Broker: Sendable {
        package var url: String
        /// What the names of queues and exchanges begin with.
        var queuePrefix: String
        /// Of the management plugin; `nil` = there is none.
        package var managementURL: String?
        package var prefetch: Int
        var confirmWindow: Int
    }

    package struct Database: Sendable {
        package var url: String
        /// Empty = the one in the URL.
        var name: String
        var retentionDays: Int
    }

    /// Where models are registered.
    package enum RegistryStore: String, CaseIterable, Sendable {
        case mongodb
        case disk
    }

    package struct Scoring: Sendable {
        /// Folder of the model artifact; `nil` = rule policy.
        package var model: String?
        package var ladder: DelayLadder
        package var batchSize: Int
        var batchWait: Duration
        var latencyBudget: Duration
        var drainTimeout: Duration
    }

    /// The HTTP sidecar's listener.
    package struct HTTP: Sendable {
        package var host: String
        package var port: Int
        /// `nil` = none.
        package var healthPort: Int?
        var tokenFile: String
        var certificateFile: String
        var keyFile: String
        var allowsPlaintext: Bool
        var allowedOrigins: [String]
        var dashboardFolder: String
        var requestsInFlight: Int
        var connections: Int
        var connectionsPerAddress: Int
    }

    /// The scorer's listener for metrics and health.
    package struct Metrics: Sendable {
        package var host: String
        /// 0 = none.
        package var port: Int
    }

    package var broker: Broker
    package var http: HTTP
    package var database: Database
    package var scoring: Scoring
    package var registryStore: RegistryStore
    package var metrics: Metrics
    /// Key of the recipient hash; `nil` = no recipient is stored.
    package var recipientKey: [UInt8]?
    package var clock: SimulationClock
    /// Folder of the CSV files that may be trained on over HTTP; `nil` = none.
    package var dataFolder: String?
    var logLevel: Logger.Level

    /// Reads and checks every key.
    ///
    /// - Throws: `ConfigurationError` naming the key.
    package init(from source: ConfigurationSource) throws {
        let management = try source.text("rabbitmq.management-url")
        broker = Broker(
            url: try source.text("rabbitmq.url"), queuePrefix: try source.text("rabbitmq.queue-prefix"),
            managementURL: management.isEmpty ? nil : management,
            prefetch: try source.integer("rabbitmq.prefetch"), confirmWindow: try source.integer("rabbitmq.confirm-window"))
        database = Database(
            url: try source.text("mongodb.url"), name: try source.text("mongodb.database"),
            retentionDays: try source.integer("mongodb.retention-days"))
        let model = try source.text("scoring.model")
        let ladder: DelayLadder
        do {
            ladder = try DelayLadder(source.list("scoring.ladder"))
        } catch let defect as DelayLadder.Defect {
            throw ConfigurationError("scoring.ladder: \(defect)")
        }
        scoring = Scoring(
            model: model.isEmpty ? nil : model, ladder: ladder, batchSize: try source.integer("scoring.batch-size"),
            batchWait: .milliseconds(try source.integer("scoring.batch-wait-ms")),
            latencyBudget: .milliseconds(try source.integer("scoring.latency-budget-ms")),
            drainTimeout: .milliseconds(try source.integer("scoring.drain-timeout-ms")))
        let healthPort = try source.integer("http.health-port")
        http = HTTP(
            host: try source.text("http.host"), port: try source.integer("http.port"), healthPort: healthPort < 0 ? nil : healthPort,
            tokenFile: try source.text("http.token-file"), certificateFile: try source.text("http.tls-certificate-file"),
            keyFile: try source.text("http.tls-key-file"), allowsPlaintext: try source.flag("http.allow-plaintext"),
            allowedOrigins: try source.list("http.allowed-origins"), dashboardFolder: try source.text("http.dashboard-folder"),
            requestsInFlight: try source.integer("http.requests-in-flight"), connections: try source.integer("http.connections"),
            connectionsPerAddress: try source.integer("http.connections-per-address"))
        let store = try source.text("registry.store")
        guard let store = RegistryStore(rawValue: store) else {
            throw ConfigurationError("registry.store must be mongodb or disk, not '\(store)'")
        }
        registryStore = store
        metrics = Metrics(host: try source.text("metrics.host"), port: try source.integer("metrics.port"))
        guard !metrics.host.isEmpty else { throw ConfigurationError("metrics.host must be an address, such as 127.0.0.1") }
        recipientKey = try Self.recipientKey(inFile: source.text("privacy.recipient-key-file"))
        clock = try Self.clock(speed: source.integer("simulation.speed"), origin: source.text("simulation.origin"))
        let data = try source.text("http.data-folder")
        dataFolder = data.isEmpty ? nil : data
        let level = try source.text("log.level")
        guard let level = Logger.Level(rawValue: level) else {
            throw ConfigurationError("log.level must be trace, debug, info, notice, warning, error or critical, not '\(level)'")
        }
        logLevel = level
        try checkRelations()
    }

    private func checkRelations() throws {
        guard scoring.batchSize <= broker.prefetch else {
            throw ConfigurationError(
                "scoring.batch-size (\(scoring.batchSize)) exceeds rabbitmq.prefetch (\(broker.prefetch)): such a batch would never fill")
        }
        guard http.certificateFile.isEmpty == http.keyFile.isEmpty else {
            throw ConfigurationError("http.tls-certificate-file and http.tls-key-file belong together: set both or none")
        }
        guard http.port == 0 || http.port != http.healthPort else {
            throw ConfigurationError("http.port and http.health-port are both \(http.port): each listener needs its own")
        }
        guard (1...64).contains(broker.queuePrefix.utf8.count) else {
            throw ConfigurationError("rabbitmq.queue-prefix must have 1 to 64 bytes")
        }
    }

    private static func clock(speed: Int, origin: String) throws -> SimulationClock {
        guard let origin = origin.isEmpty ? SimulationClock.lastMidnight(before: .now) : Timestamp(rfc3339: origin) else {
            throw ConfigurationError("simulation.origin must be a time as in 2026-01-02T03:04:05Z, not '\(origin)'")
        }
        return speed > 1 ? SimulationClock(speed: speed, origin: origin) : .real
    }

    private static func recipientKey(inFile path: String) throws -> [UInt8]? {
        guard !path.isEmpty else { return nil }
        guard let key = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("privacy.recipient-key-file: cannot read '\(path)'")
        }
        guard key.count >= 32 else {
            throw ConfigurationError("privacy.recipient-key-file: '\(path)' holds \(key.count) bytes; a key has 32 or more")
        }
        return [UInt8](key)
    }
}
