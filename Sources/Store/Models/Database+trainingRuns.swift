package import Scoring

extension Database {
    /// Longest error that is kept, in characters.
    private static let longestError = 2000
    /// Longest log that is kept, in bytes of UTF-8.
    package static let longestTrainingLog = 65_536

    /// Stores a run that begins.
    package func begin(_ run: TrainingRun) throws(StoreError) {
        let report = try insert([run], into: .trainingRuns) { run, writer throws(RecordDefect) in run.write(to: &writer) }
        if let rejection = report.rejected.first {
            throw StoreError(code: .failed, doing: "starting the training run", message: "\(rejection.code): \(rejection.message)")
        }
        guard report.duplicates.isEmpty else {
            throw StoreError(code: .failed, doing: "starting the training run", message: "there is a run '\(run.id)' already")
        }
    }

    /// Stores a run that holds the slot, or gives the run that holds it already.
    package func claim(_ run: TrainingRun) throws(StoreError) -> TrainingRun? {
        let doing = "starting the training run"
        var writer = DocumentWriter(capacity: 1024)
        run.write(to: &writer)
        let document = writer.document
        do throws(StoreError) {
            try Self.check(write(Self.insert(document), doing: doing), doing: doing)
            return nil
        } catch {
            guard error.rawCode == 11_000 else { throw error }
        }
        if let holder = try slotHolder() { return holder.id == run.id ? nil : holder }
        // It has ended in this moment.
        throw StoreError(code: .incomplete, doing: doing, message: "another run has ended just now; try again")
    }

    private static func insert(_ document: Document) -> Document {
        var command = DocumentWriter(capacity: document.bytes.count + 128)
        command.begin()
        command.string("insert", Collection.trainingRuns.rawValue)
        let documents = command.openArray("documents")
        command.element(0, document: document)
        command.close(at: documents)
        command.end()
        return command.document
    }

    /// The run that holds the slot; `nil` where it is free.
    package func slotHolder() throws(StoreError) -> TrainingRun? {
        let doing = "finding the training run that is going on"
        let found = try find(Self.filter("slot", TrainingRun.Slot.name), limits(doing), in: Collection.trainingRuns.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in try TrainingRun(document) }
    }

    /// Says where a run is; nothing happens where it has ended.
    package func report(_ progress: TrainingRun.Progress, of run: String, at now: Timestamp) throws(StoreError) {
        try change(run, at: now) { writer in write(progress, to: &writer) }
    }

    /// Says that a run goes on, where it is and what it wrote last; nothing happens where it has ended.
    package func keepAlive(_ run: TrainingRun, at now: Timestamp) throws(StoreError) {
        try change(run.id, at: now) { writer in
            writer.string("state", run.state.rawValue)
            if let progress = run.progress { write(progress, to: &writer) }
            writer.string("log", Self.tail(run.log))
        }
    }

    /// Ends a run as it says, and gives its slot back; nothing happens where it has ended.
    package func end(_ run: TrainingRun, at now: Timestamp) throws(StoreError) {
        try change(run.id, at: now, isLast: true) { writer in
            writer.string("state", run.state.rawValue)
            writer.date("ended_at", now.milliseconds)
            if let progress = run.progress { write(progress, to: &writer) }
            if let version = run.version { writer.string("version", version) }
            if let error = run.error { writer.string("error", String(error.prefix(Self.longestError))) }
            if !run.log.isEmpty { writer.string("log", Self.tail(run.log)) }
        }
    }

    /// Ends a run that made `version`; nothing happens where it has ended.
    package func succeed(_ run: String, version: String, at now: Timestamp) throws(StoreError) {
        try change(run, at: now, isLast: true) { writer in
            writer.string("state", TrainingRun.State.succeeded.rawValue)
            writer.date("ended_at", now.milliseconds)
            writer.string("version", version)
        }
    }

    /// Ends a run that failed; nothing happens where it has ended.
    package func fail(_ run: String, error: String, at now: Timestamp) throws(StoreError) {
        try change(run, at: now, isLast: true) { writer in
            writer.string("state", TrainingRun.State.failed.rawValue)
            writer.date("ended_at", now.milliseconds)
            writer.string("error", String(error.prefix(Self.longestError)))
        }
    }

    /// The newest runs, newest first, without their logs.
    package func trainingRuns(limit: Int = 100) throws(StoreError) -> [TrainingRun] {
        let doing = "listing the training runs"
        let options = try Document(
            json: """
                {"sort": {"started_at": -1}, "limit": \(limit), "maxTimeMS": \(Self.queryLimit), "projection": {"log": 0}}
                """, doing: doing)
        let found = try find(Document(json: "{}", doing: doing), options, in: Collection.trainingRuns.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try TrainingRun(document) }
    }

    /// The run of that id.
    package func trainingRun(_ id: String) throws(StoreError) -> TrainingRun? {
        let doing = "finding the training run"
        let found = try find(Self.filter("_id", id), limits(doing), in: Collection.trainingRuns.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in try TrainingRun(document) }
    }

    private func write(_ progress: TrainingRun.Progress, to writer: inout DocumentWriter) {
        writer.string("phase", progress.phase)
        writer.double("share", min(max(progress.share, 0), 1))
        writer.int64("done", Int64(max(progress.done, 0)))
    }

    /// The end of a log that is too long, from a line's beginning where there is one.
    package static func tail(_ log: String) -> String {
        guard log.utf8.count > longestTrainingLog else { return log }
        let rest = log.utf8.suffix(longestTrainingLog)
        let start = rest.firstIndex(of: UInt8(ascii: "\n")).map { rest.index(after: $0) } ?? rest.startIndex
        return String(decoding: rest[start...], as: UTF8.self)
    }

    private func change(_ run: String, at now: Timestamp, isLast: Bool = false, _ set: (inout DocumentWriter) -> Void) throws(StoreError) {
        let doing = "reporting on the training run"
        var writer = DocumentWriter(capacity: 1024)
        writer.begin()
        writer.string("update", Collection.trainingRuns.rawValue)
        let updates = writer.openArray("updates")
        let update = writer.openElementDocument(0)
        let query = writer.openDocument("q")
        writer.string("_id", run)
        let going = writer.openDocument("state")
        let states = writer.openArray("$in")
        writer.element(0, string: TrainingRun.State.queued.rawValue)
        writer.element(1, string: TrainingRun.State.running.rawValue)
        writer.close(at: states)
        writer.close(at: going)
        writer.close(at: query)
        let change = writer.openDocument("u")
        let fields = writer.openDocument("$set")
        writer.date("updated_at", now.milliseconds)
        set(&writer)
        writer.close(at: fields)
        if isLast {
            let removed = writer.openDocument("$unset")
            writer.string("slot", "")
            writer.string("holder", "")
            writer.close(at: removed)
        }
        writer.close(at: change)
        writer.close(at: update)
        writer.close(at: updates)
        writer.end()
        try Self.check(write(writer.document, doing: doing), doing: doing)
    }
}
