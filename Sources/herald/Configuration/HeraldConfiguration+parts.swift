import Broker
import Logging
import Scoring
import Store
import Streaming

/// The configuration as the parts of Herald take it.
extension HeraldConfiguration {
    /// - Throws: `ConfigurationError` naming the key.
    func brokerURL() throws -> BrokerURL {
        do {
            return try BrokerURL(broker.url)
        } catch {
            throw ConfigurationError("rabbitmq.url: \(error)")
        }
    }

    /// - Throws: `ConfigurationError` naming the key.
    func storeURL() throws -> StoreURL {
        let url: StoreURL
        do {
            url = try StoreURL(database.url)
        } catch {
            throw ConfigurationError("mongodb.url: \(error)")
        }
        guard !database.name.isEmpty else { return url }
        do {
            return try StoreURL(database.url, database: database.name)
        } catch {
            throw ConfigurationError("mongodb.database: \(error.message)")
        }
    }

    func streaming() throws -> StreamingConfiguration {
        var streaming = StreamingConfiguration(brokerURL: try brokerURL(), ladder: scoring.ladder)
        streaming.names = QueueNames(prefix: broker.queuePrefix)
        streaming.speed = clock.speed
        streaming.prefetch = broker.prefetch
        streaming.confirmWindow = broker.confirmWindow
        streaming.batchSize = scoring.batchSize
        streaming.batchWait = scoring.batchWait
        streaming.recipientHasher = recipientKey.map(RecipientHasher.init(key:))
        return streaming
    }

    /// A logger that writes lines to standard error.
    func makeLogger(_ label: String) -> Logger {
        var logger = Logger(label: "herald.\(label)") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        return logger
    }
}
