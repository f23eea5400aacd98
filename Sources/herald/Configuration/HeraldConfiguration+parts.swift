import Broker
import Foundation
import Logging
import Scoring
import Sidecar
package import Store
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

    /// Asks the broker's management plugin; `nil` where none is configured.
    ///
    /// - Throws: `ConfigurationError` naming the key.
    func managementClient() throws -> ManagementClient? {
        guard let url = broker.managementURL else { return nil }
        do {
            return try ManagementClient(url, broker: brokerURL(), prefix: broker.queuePrefix)
        } catch let failure as ManagementClient.Failure {
            throw ConfigurationError("rabbitmq.management-url: \(failure)")
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
        streaming.latencyBudget = scoring.latencyBudget
        streaming.recipientHasher = recipientKey.map(RecipientHasher.init(key:))
        return streaming
    }

    /// The alias that scorers follow; `nil` where `scoring.model` names a version's own folder, or none.
    package var followedAlias: ModelAlias? {
        guard let model = scoring.model, let name = model.split(separator: "/").last else { return nil }
        // A folder of that name is an artifact like any other; with a slash behind it, a link to one would look like one.
        let path = String(model.prefix(upTo: name.endIndex))
        let isFolder = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeDirectory
        return isFolder ? nil : ModelAlias(rawValue: String(name))
    }

    /// The folder with the versions: the one that `scoring.model` names an alias in, or `models`.
    package var modelsFolder: ModelsFolder {
        guard followedAlias != nil, let model = scoring.model else { return ModelsFolder("models") }
        let folder = URL(filePath: model).deletingLastPathComponent().relativePath
        return ModelsFolder(folder)
    }

    /// - Parameter folder: the folder with the versions; `nil` = the configured one.
    /// - Throws: `ConfigurationError` naming the key.
    func registry(in folder: String? = nil) throws -> Registry {
        Registry(folder: folder.map { ModelsFolder($0) } ?? modelsFolder, database: registryStore == .disk ? nil : try openDatabase())
    }

    /// - Throws: `ConfigurationError` naming the key.
    func openDatabase() throws -> Store.Database {
        try Store.Database(url: storeURL())
    }

    /// A logger that writes lines to standard error.
    func makeLogger(_ label: String) -> Logger {
        var logger = Logger(label: "herald.\(label)") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        return logger
    }
}
