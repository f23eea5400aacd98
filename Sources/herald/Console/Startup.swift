import Broker
import Logging
import Scoring
import Store
import Streaming

/// Brings the servers into the state a command needs, waiting for them if they are away.
struct Startup {
    let logger: Logger
    let stop: StopSignal

    /// Declares the queues; `false` when a stop signal came first.
    ///
    /// - Throws: `BrokerError` where waiting does not help: refused credentials, a queue of that name with other arguments.
    func declare(_ topology: Topology, at url: BrokerURL) throws -> Bool {
        try retry("the broker at \(url)", as: BrokerError.self, isRetriable: \.isRetriable) {
            let admin = try BrokerAdmin(url)
            try admin.declare(topology)
            try admin.close()
        }
    }

    /// Makes collections and indexes and registers the schema; `false` when a stop signal came first.
    ///
    /// - Throws: `StoreError` where waiting does not help.
    func prepare(_ database: Database, retentionDays: Int, schema: FeatureSchema?) throws -> Bool {
        try retry("the database at \(database.url)", as: StoreError.self, isRetriable: \.isRetriable) {
            _ = try database.ping()
            _ = try database.prepare(retentionDays: retentionDays)
            if let schema { try database.register(schema: schema.fingerprint, features: schema.names) }
        }
    }

    /// Looks for the model until the registry answers; `false` when a stop signal came first.
    ///
    /// Without a champion, or with a broken one, scoring begins with the rule policy.
    func awaitAnswer(of watch: ChampionWatch?) throws -> Bool {
        guard let watch else { return true }
        while !stop.isReceived {
            let finding = Monitor(ChampionWatch.Finding.unavailable)
            guard
                try runUnlessStopped({
                    let found = watch.look()
                    finding.update { $0 = found }
                })
            else { return false }
            switch finding.withLock({ $0 }) {
            case .unavailable: _ = stop.wait(for: .seconds(1))
            case .vacant:
                logger.warning("there is no champion: the rule policy decides until there is one")
                return true
            case .unchanged, .swapped, .refused: return true
            }
        }
        return false
    }

    private func retry<Failure: Error>(
        _ server: String, as type: Failure.Type, isRetriable: KeyPath<Failure, Bool>, _ attempt: @escaping @Sendable () throws -> Void
    ) throws -> Bool {
        var failures = 0
        logger.info("connecting to \(server)")
        while !stop.isReceived {
            do {
                guard try runUnlessStopped(attempt) else { return false }
                return true
            } catch let error as Failure where error[keyPath: isRetriable] {
                if failures % 15 == 0 { logger.warning("waiting for \(server): \(error)") }
                failures += 1
            }
            if stop.wait(for: .seconds(1)) { break }
        }
        return false
    }

    /// Runs `attempt`; `false` when a stop signal came first.
    ///
    /// The attempt is then left to end by itself: a server that has gone silent may hold it for longer than a stop may take.
    func runUnlessStopped(_ attempt: @escaping @Sendable () throws -> Void) throws -> Bool {
        let result = Monitor<Result<Void, any Error>?>(nil)
        try DedicatedThread.detach(name: "herald-startup") {
            let outcome = Result { try attempt() }
            result.update { $0 = outcome }
        }
        while true {
            if let outcome = result.wait(until: .now + .milliseconds(100), { $0 }) {
                try outcome.get()
                return true
            }
            if stop.isReceived { return false }
        }
    }
}
