import ArgumentParser
import Broker
import Scoring
import Store
import Streaming

/// `herald doctor`: what is wrong with an installation and what to do about it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, broker, queues, database and model; exit code 1 if one of them is not as it should be.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        var examination = Examination()
        let loaded = await examination.check("configuration") { try await options.load() }
        guard let configuration = loaded else { throw ExitCode(1) }
        let findings = try await BlockingWork.run { [examination] in Self.examine(configuration, examination) }
        guard findings.isHealthy else { throw ExitCode(1) }
    }

    private static func examine(_ configuration: HeraldConfiguration, _ examination: Examination) -> Examination {
        var examination = examination
        let isBrokerThere = examination.check("broker") {
            let url = try configuration.brokerURL()
            try BrokerAdmin(url).close()
            return "answers at \(url)"
        }
        if isBrokerThere {
            examination.check("queues") {
                let admin = try BrokerAdmin(configuration.brokerURL())
                let problems = try admin.check(configuration.streaming().topology)
                guard problems.isEmpty else {
                    throw ConfigurationError(
                        problems.prefix(3).map { "\($0.name): \($0)" }.joined(separator: "\n        ")
                            + "\n        (\(problems.count) problems; `herald topology declare` creates what is missing)")
                }
                return "all as they should be (bindings cannot be asked for: `herald topology declare` makes sure of them)"
            }
        }
        let isDatabaseThere = examination.check("database") {
            let state = try Database(url: configuration.storeURL()).ping()
            return "MongoDB \(state.version), replica set \(state.replicaSet ?? "behind a router")"
        }
        examination.check("model") {
            guard let path = configuration.scoring.model else { return "none: the rule policy decides" }
            guard let alias = configuration.followedAlias else { return "version \(try ArtifactFolder(path).load().version)" }
            let registry = isDatabaseThere ? try configuration.registry() : Registry(folder: configuration.modelsFolder, database: nil)
            guard let standing = try registry.standing(of: alias) else {
                return "none: no \(alias.rawValue) yet, so the rule policy decides"
            }
            return "version \(try registry.load(standing, as: alias).version), the \(alias.rawValue)"
        }
        if isDatabaseThere || configuration.registryStore == .disk {
            examination.check("registry") { try Self.state(of: configuration.registry()) }
        }
        return examination
    }

    private static func state(of registry: Registry) throws -> String {
        let problems = try registry.problems()
        guard problems.isEmpty else { throw ConfigurationError(problems.joined(separator: "\n        ")) }
        let place = registry.database == nil ? "\(registry.folder.path)/ alone" : "MongoDB, mirrored in \(registry.folder.path)/"
        guard let champion = try registry.standing(of: .champion) else { return "in \(place): no champion, so the rule policy decides" }
        let origin = registry.database == nil || champion.isInDatabase ? "" : " by the link there: MongoDB knows of none yet"
        let challenger = try registry.standing(of: .challenger).map { ", challenger \($0.version)" } ?? ""
        return "in \(place): champion \(champion.version)\(origin)\(challenger)"
    }
}

/// Runs checks one after the other and prints what each found.
private struct Examination: Sendable {
    private(set) var isHealthy = true

    mutating func check<Value>(_ subject: String, _ examine: () async throws -> Value) async -> Value? {
        do {
            let value = try await examine()
            report(subject, "is valid", isGood: true)
            return value
        } catch {
            report(subject, "\(error)", isGood: false)
            return nil
        }
    }

    @discardableResult
    mutating func check(_ subject: String, _ examine: () throws -> String) -> Bool {
        do {
            report(subject, try examine(), isGood: true)
            return true
        } catch {
            report(subject, "\(error)", isGood: false)
            return false
        }
    }

    private mutating func report(_ subject: String, _ finding: String, isGood: Bool) {
        print("\(isGood ? "ok     " : "FAILED ") \(subject): \(finding)")
        if !isGood { isHealthy = false }
    }
}
