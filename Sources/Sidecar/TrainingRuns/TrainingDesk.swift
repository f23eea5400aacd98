internal import Foundation
internal import HTTPTypes
package import Logging
package import Scoring
package import Store
internal import Synchronization

/// Takes orders for training runs, one at a time for a database, and follows each to its end.
///
/// What is going on is known here first and told to MongoDB within a second; a run is over when MongoDB says so.
package final class TrainingDesk: Sendable {
    /// A run that this process has going, or has just ended.
    private struct Active {
        var run: TrainingRun
        var lifecycle = TrainingLifecycle()
        var tail = LogTail()
        let child: TrainingChild
        var processID: Int32?
        /// Whether MongoDB has its end.
        var isRecorded = false
    }

    private struct Storage {
        var active: Active?
        /// An order is being taken.
        var isTaking = false
        var isStopping = false
    }

    /// Between two words to MongoDB on a run: also its sign of life.
    private static let interval = Duration.seconds(1)
    /// A run on another machine of which nothing was heard for this long is over.
    private static let silence: Int64 = 90_000

    private let database: Database
    private let registry: Registry
    private let program: TrainingProgram
    private let pool: BlockingPool
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let storage = Mutex(Storage())

    /// - Parameter now: the wall clock.
    package init(
        database: Database, registry: Registry, program: TrainingProgram, pool: BlockingPool, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.database = database
        self.registry = registry
        self.program = program
        self.pool = pool
        self.logger = logger
        self.now = now
    }

    // MARK: Orders

    /// Starts a run.
    ///
    /// - Returns: the run, queued.
    /// - Throws: `Problem`: a conflict that names the run that is going on; `StoreError`.
    package func start(_ request: TrainingRequest, by author: String) async throws -> TrainingRun {
        try storage.withLock { storage in
            guard !storage.isStopping else { throw Problem(.unavailable, "the sidecar is stopping", retryAfter: 5) }
            if let active = storage.active, !active.isRecorded { throw Self.conflict(active.run) }
            guard !storage.isTaking else { throw Problem(.conflict, "another run is just being started") }
            storage.isTaking = true
        }
        defer { storage.withLock { $0.isTaking = false } }
        let id = UUID().uuidString.lowercased()
        let version = request.version ?? Self.version(at: now(), id)
        let (run, arguments) = try await pool.run(within: .seconds(30)) { [self] in
            try clearSlot()
            let arguments = try program.arguments(request, version: version, champion: comparable(), author: author)
            let run = TrainingRun(
                id: id, by: author, source: Self.name(request.source), startedAt: now(), state: .queued,
                slot: TrainingRun.Slot(holder: RunHolder.own.text))
            if let other = try database.claim(run) { throw Self.conflict(other) }
            return (run, arguments)
        }
        let child = TrainingChild(
            executable: program.executable, arguments: arguments,
            environment: program.environment(of: ProcessInfo.processInfo.environment))
        var begun = run
        begun.version = version
        storage.withLock { $0.active = Active(run: begun, child: child) }
        logger.info("training run \(id) for \(author): version \(version)")
        Task { await follow(child, id) }
        return run
    }

    /// Stops a run: SIGTERM, and SIGKILL after 5 s; waits for its end.
    ///
    /// - Returns: the run as it ended.
    package func cancel(_ id: String) async throws -> TrainingRun {
        let action: TrainingLifecycle.Action? = storage.withLock { storage in
            guard storage.active?.run.id == id, storage.active?.isRecorded == false else { return nil }
            return storage.active?.lifecycle.cancel()
        }
        guard let action else {
            guard let run = try await pool.run({ [database] in try database.trainingRun(id) }) else {
                throw Problem(.notFound, "there is no training run \(id)")
            }
            guard !run.state.isFinal else { throw Problem(.conflict, "the run has ended: \(run.state.rawValue)") }
            throw Problem(.conflict, "the run was not started by this sidecar, so it cannot stop it")
        }
        await carryOut(action, on: id)
        let deadline = ContinuousClock.now + TrainingLifecycle.patience + .seconds(3)
        while ContinuousClock.now < deadline {
            if let run = current(id), run.state.isFinal { return run }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Problem(.timeout, "the run has not ended yet; look at it again", retryAfter: 1)
    }

    // MARK: Looking

    /// The run of that id; `nil` where there is none.
    package func run(_ id: String) async throws -> TrainingRun? {
        if let run = current(id) { return run }
        return try await pool.run { [database] in try database.trainingRun(id) }
    }

    /// The newest runs first.
    package func recent(limit: Int) async throws -> [TrainingRun] {
        let runs = try await pool.run { [database] in try database.trainingRuns(limit: limit) }
        return runs.map { current($0.id) ?? $0 }
    }

    private func current(_ id: String) -> TrainingRun? {
        storage.withLock { storage in
            guard let active = storage.active, active.run.id == id else { return nil }
            var run = active.run
            run.log = active.tail.text
            return run
        }
    }

    // MARK: Life

    /// Ends what a sidecar that died has left as going on; call once at start.
    package func recover() async throws {
        try await pool.run { [self] in try clearSlot() }
    }

    /// Stops the run that is going on, if any, and takes no more: within 1 s, for the sidecar has 5 s to end.
    package func stop() async {
        let child: TrainingChild? = storage.withLock { storage in
            storage.isStopping = true
            guard let active = storage.active, !active.isRecorded else { return nil }
            _ = storage.active?.lifecycle.cancel(because: "the sidecar was stopped")
            return active.child
        }
        guard let child else { return }
        child.terminate()
        await waitForRecord(.milliseconds(700))
        child.kill()
        await waitForRecord(.milliseconds(300))
    }

    private func waitForRecord(_ limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline, storage.withLock({ $0.active?.isRecorded == false }) {
            // Where the task is cancelled there is no waiting any more.
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
        }
    }

    /// Gives the slot back where whoever holds it is no more; blocks.
    private func clearSlot() throws {
        guard let run = try database.slotHolder(), let slot = run.slot else { return }
        // This process asks before it takes the slot: what it holds without a run is of an order that was given up half-way.
        let isLost = slot.holder == RunHolder.own.text && storage.withLock { $0.active?.run.id != run.id }
        let isOver: Bool
        switch isLost ? false : RunHolder(slot.holder)?.isAlive {
        case .some(let isAlive): isOver = !isAlive
        case nil: isOver = now().milliseconds - run.updatedAt.milliseconds > Self.silence
        }
        guard isOver else { return }
        logger.warning("training run \(run.id) was left behind by a sidecar that ended")
        try database.fail(run.id, error: "the sidecar that ran it ended before the run did", at: now())
    }

    /// The champion, where it is in the models folder to be compared with; a run is not refused for want of it.
    private func comparable() throws -> String? {
        do {
            try registry.mirror(.champion)
            guard let version = try registry.standing(of: .champion)?.version, registry.folder.versions().contains(version) else {
                return nil
            }
            // One that cannot be loaded would end the run.
            _ = try registry.folder.artifact(version).load()
            return version
        } catch let error as StoreError {
            throw error
        } catch {
            logger.warning("the run is not compared with the champion: \(error)")
            return nil
        }
    }

    // MARK: Following

    private func follow(_ child: TrainingChild, _ id: String) async {
        let reporting = Task { await keepAlive(id) }
        let exit = await child.run(
            started: { [self] processID in
                let action = change(id) { active in
                    active.processID = processID
                    let action = active.lifecycle.started()
                    active.run.state = active.lifecycle.state
                    return action
                }
                Task { await carryOut(action ?? .nothing, on: id) }
            },
            status: { [self] status in
                change(id) { active in
                    active.run.progress = TrainingRun.Progress(phase: status.phase, share: status.share, done: status.done)
                    active.run.updatedAt = now()
                }
            }, log: { [self] bytes in change(id) { $0.tail.append(bytes) } })
        reporting.cancel()
        await reporting.value
        await record(id, exit)
    }

    /// Tells MongoDB how the run ended, until it has been heard.
    private func record(_ id: String, _ exit: TrainingLifecycle.Exit) async {
        let ended = now()
        let run = change(id) { active -> TrainingRun in
            active.lifecycle.ended(exit, lastWords: active.tail.lastWords)
            active.run.state = active.lifecycle.state
            active.run.error = active.lifecycle.error
            active.run.endedAt = ended
            active.run.updatedAt = ended
            active.run.slot = nil
            if active.run.state != .succeeded { active.run.version = nil }
            var run = active.run
            run.log = active.tail.text
            return run
        }
        guard let run else { return }
        logger.info("training run \(id) \(run.state.rawValue)\(run.error.map { ": \($0)" } ?? "")")
        var failures = 0
        while true {
            do {
                try await pool.run { [database] in try database.end(run, at: ended) }
                break
            } catch {
                failures += 1
                if failures % 30 == 1 { logger.warning("the end of training run \(id) is not recorded yet: \(error)") }
                // Whoever starts next finds that nobody runs it any more.
                if storage.withLock({ $0.isStopping }) { break }
                try? await Task.sleep(for: .seconds(2))
            }
        }
        change(id) { $0.isRecorded = true }
    }

    /// Tells MongoDB each second that the run goes on, and where it is.
    private func keepAlive(_ id: String) async {
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: Self.interval)) != nil, let run = current(id), !run.state.isFinal else { return }
            // A word that is not heard is followed by the next.
            try? await pool.run { [database, now] in try database.keepAlive(run, at: now()) }
        }
    }

    private func carryOut(_ action: TrainingLifecycle.Action, on id: String) async {
        guard let child = change(id, { $0.child }) else { return }
        switch action {
        case .nothing: break
        case .kill: child.kill()
        case .terminate:
            child.terminate()
            Task {
                try? await Task.sleep(for: TrainingLifecycle.patience)
                await carryOut(change(id) { $0.lifecycle.patienceIsOver() } ?? .nothing, on: id)
            }
        }
    }

    @discardableResult
    private func change<Value: Sendable>(_ id: String, _ body: (inout Active) -> Value) -> Value? {
        storage.withLock { storage in
            guard storage.active?.run.id == id, var active = storage.active else { return nil }
            let value = body(&active)
            storage.active = active
            return value
        }
    }

    /// Process id of the child of a run; `nil` where it has none.
    package func processID(of id: String) -> Int32? {
        change(id) { $0.run.state == .running ? $0.processID : nil } ?? nil
    }

    // MARK: Words

    private static func conflict(_ run: TrainingRun) -> Problem {
        var problem = Problem(.conflict, "run \(run.id) is \(run.state.rawValue), started by \(run.by) at \(run.startedAt.rfc3339)")
        problem.headers[.location] = "/train/\(run.id)"
        return problem
    }

    private static func name(_ source: TrainingRequest.Source) -> String {
        switch source {
        case .mongodb: "mongodb"
        case .file(let path): path
        }
    }

    /// The time, as `herald train` names versions, and something that no other run has.
    private static func version(at time: Timestamp, _ id: String) -> String {
        let digits = time.rfc3339.filter(\.isNumber)
        return "\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))-\(id.prefix(4))"
    }
}
