package import Scoring

/// A run of `herald train`, as the collection `training_runs` tells of it.
package struct TrainingRun: Equatable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case running
        case succeeded
        case failed
    }

    /// Where it is.
    package struct Progress: Equatable, Sendable {
        /// Name of the stage, such as `reading`.
        package var phase: String
        /// Of the stage, in [0, 1].
        package var share: Double

        package init(phase: String, share: Double) {
            self.phase = phase
            self.share = share
        }
    }

    /// 1 to 128 bytes; unique.
    package let id: String
    /// Name of the user or the part of Herald that started it.
    package var by: String
    /// What it learns from, such as `data/notifications.csv`.
    package var source: String
    package var startedAt: Timestamp
    /// Of the last word from it: a run that was killed stays `running` and falls silent.
    package var updatedAt: Timestamp
    package var endedAt: Timestamp?
    package var state: State
    package var progress: Progress?
    /// The version it made.
    package var version: String?
    /// Why it failed.
    package var error: String?

    /// A run that begins.
    package init(id: String, by: String, source: String, startedAt: Timestamp) {
        self.id = id
        self.by = by
        self.source = source
        self.startedAt = startedAt
        updatedAt = startedAt
        state = .running
    }
}

extension TrainingRun {
    func write(to writer: inout DocumentWriter) {
        writer.begin()
        writer.string("_id", id)
        writer.string("by", by)
        writer.string("source", source)
        writer.date("started_at", startedAt.milliseconds)
        writer.string("state", state.rawValue)
        writer.date("updated_at", updatedAt.milliseconds)
        writer.end()
    }

    init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "training run \(document["_id"]?.string ?? "without an id")")
        self.init(
            id: try fields.text("_id"), by: try fields.text("by"), source: try fields.text("source"),
            startedAt: try fields.time("started_at"))
        updatedAt = try fields.time("updated_at")
        endedAt = try fields.optionalTime("ended_at")
        state = try fields.word("state")
        if let phase = try fields.optionalText("phase") { progress = Progress(phase: phase, share: try fields.double("share")) }
        version = try fields.optionalText("version")
        error = try fields.optionalText("error")
    }
}

extension Database {
    /// Longest error that is kept, in characters.
    private static let longestError = 2000

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

    /// Says where a run is; nothing happens where it has ended.
    package func report(_ progress: TrainingRun.Progress, of run: String, at now: Timestamp) throws(StoreError) {
        try change(run, at: now) { writer in
            writer.string("phase", progress.phase)
            writer.double("share", min(max(progress.share, 0), 1))
        }
    }

    /// Ends a run that made `version`; nothing happens where it has ended.
    package func succeed(_ run: String, version: String, at now: Timestamp) throws(StoreError) {
        try change(run, at: now) { writer in
            writer.string("state", TrainingRun.State.succeeded.rawValue)
            writer.date("ended_at", now.milliseconds)
            writer.string("version", version)
        }
    }

    /// Ends a run that failed; nothing happens where it has ended.
    package func fail(_ run: String, error: String, at now: Timestamp) throws(StoreError) {
        try change(run, at: now) { writer in
            writer.string("state", TrainingRun.State.failed.rawValue)
            writer.date("ended_at", now.milliseconds)
            writer.string("error", String(error.prefix(Self.longestError)))
        }
    }

    /// The newest runs, newest first.
    package func trainingRuns(limit: Int = 100) throws(StoreError) -> [TrainingRun] {
        let doing = "listing the training runs"
        let options = try Document(
            json: "{\"sort\": {\"started_at\": -1}, \"limit\": \(limit), \"maxTimeMS\": \(Self.queryLimit)}", doing: doing)
        let found = try find(Document(json: "{}", doing: doing), options, in: Collection.trainingRuns.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try TrainingRun(document) }
    }

    /// The run of that id.
    package func trainingRun(_ id: String) throws(StoreError) -> TrainingRun? {
        let doing = "finding the training run"
        let found = try find(Self.filter("_id", id), limits(doing), in: Collection.trainingRuns.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in try TrainingRun(document) }
    }

    private func change(_ run: String, at now: Timestamp, _ set: (inout DocumentWriter) -> Void) throws(StoreError) {
        let doing = "reporting on the training run"
        var writer = DocumentWriter(capacity: 1024)
        writer.begin()
        writer.string("update", Collection.trainingRuns.rawValue)
        let updates = writer.openArray("updates")
        let update = writer.openElementDocument(0)
        let query = writer.openDocument("q")
        writer.string("_id", run)
        writer.string("state", TrainingRun.State.running.rawValue)
        writer.close(at: query)
        let change = writer.openDocument("u")
        let fields = writer.openDocument("$set")
        writer.date("updated_at", now.milliseconds)
        set(&writer)
        writer.close(at: fields)
        writer.close(at: change)
        writer.close(at: update)
        writer.close(at: updates)
        writer.end()
        try Self.check(write(writer.document, doing: doing), doing: doing)
    }
}
