internal import Broker
package import Logging
package import Scoring
package import Store
internal import Synchronization

/// Keeps a scorer on the model that an alias stands for: looks twice a second, loads and checks what is new, and swaps it in.
///
/// Looking and not a change stream: it needs no resuming after a failover, works the same on disk, and costs one indexed query. A broken
/// artifact is refused once, with a line in the log and an entry in the models' history, and the model in use stays; while the registry
/// does not answer it stays too.
package final class ChampionWatch: Sendable {
    /// What a look came to.
    package enum Finding: Equatable, Sendable {
        /// Nothing new.
        case unchanged
        /// The alias stands for nothing.
        case vacant
        /// A model of this version is in use from now on.
        case swapped(String)
        /// This version is broken; the old model stays.
        case refused(String)
        /// The registry did not answer.
        case unavailable
    }

    private struct Storage {
        /// Of what was last taken or refused.
        var token: String?
        /// Looks in a row without an answer.
        var failures = 0
    }

    /// Between two looks; with the time to load a model it is well below the 2 s within which a scorer has to notice.
    package static let interval = Duration.milliseconds(500)

    private let registry: Registry
    private let alias: ModelAlias
    private let current: CurrentScorer
    private let prepare: @Sendable (ScoringModel) throws -> Void
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let found: @Sendable (Finding) -> Void
    private let storage = Mutex(Storage())
    private let isStopped = Monitor(false)

    /// - Parameters:
    ///   - current: gets the new scorers, with the ladder of the one in it.
    ///   - prepare: called with a model before it is used; where it throws, the look is repeated.
    ///   - now: the wall clock.
    ///   - found: hears what each look came to.
    package init(
        _ registry: Registry, _ alias: ModelAlias, for current: CurrentScorer, logger: Logger,
        now: @escaping @Sendable () -> Timestamp, prepare: @escaping @Sendable (ScoringModel) throws -> Void = { _ in },
        found: @escaping @Sendable (Finding) -> Void = { _ in }
    ) {
        self.registry = registry
        self.alias = alias
        self.current = current
        self.prepare = prepare
        self.logger = logger
        self.now = now
        self.found = found
    }

    /// Looks from now on, on a thread of its own.
    package func start() throws {
        try DedicatedThread.detach(name: "herald-models") { [self] in
            while isStopped.wait(until: .now + Self.interval, { $0 ? true : nil }) == nil { look() }
        }
    }

    /// Ends the thread after the look that is under way.
    package func stop() {
        isStopped.update { $0 = true }
    }

    /// Looks once, and swaps where there is something new; blocks, one caller at a time.
    @discardableResult
    package func look() -> Finding {
        let finding = find()
        found(finding)
        return finding
    }

    private func find() -> Finding {
        do {
            guard let standing = try registry.standing(of: alias) else {
                recover()
                return .vacant
            }
            guard standing.token != storage.withLock({ $0.token }) else {
                recover()
                return .unchanged
            }
            return try take(standing)
        } catch {
            return fail(error)
        }
    }

    private func take(_ standing: Registry.Standing) throws -> Finding {
        let model: ScoringModel
        do {
            model = try registry.load(standing, as: alias)
        } catch let error as StoreError where error.code != .unreadable {
            throw error
        } catch {
            // Moved while it was read: the next look takes the new one.
            guard try registry.standing(of: alias) == standing else { return .unchanged }
            return refuse(standing, because: error)
        }
        try prepare(model)
        let former = current.scorer
        current.replace(with: Scorer(model: model, ladder: former.ladder))
        recover()
        storage.withLock { $0.token = standing.token }
        logger.notice("model \(model.version) is in use from now on, in place of \(former.modelVersion)")
        mirror()
        return .swapped(model.version)
    }

    private func refuse(_ standing: Registry.Standing, because error: any Error) -> Finding {
        let version = current.scorer.modelVersion
        recover()
        storage.withLock { $0.token = standing.token }
        logger.error("the \(alias.rawValue) \(standing.version) is broken and refused; \(version) stays in use: \(error)")
        do {
            try registry.noteRefusal(
                of: standing, as: alias, keeping: version, because: "\(error)", by: "herald score", at: now())
        } catch {
            logger.warning("the refusal could not be written to the models' history: \(error)")
        }
        return .refused(standing.version)
    }

    private func mirror() {
        do {
            try registry.mirror(alias)
        } catch {
            logger.warning("\(registry.folder.path) does not follow the registry: \(error)")
        }
    }

    private func fail(_ error: any Error) -> Finding {
        let failures = storage.withLock { storage in
            storage.failures += 1
            return storage.failures
        }
        // The first and then about one a minute: an outage must not fill the log.
        if failures % 120 == 1 {
            logger.warning("the model registry does not answer; \(current.scorer.modelVersion) stays in use: \(error)")
        }
        return .unavailable
    }

    private func recover() {
        let failures = storage.withLock { storage in
            defer { storage.failures = 0 }
            return storage.failures
        }
        if failures > 0 { logger.notice("the model registry answers again") }
    }
}
