package import Scoring

/// A run of `herald train`, as the collection `training_runs` tells of it.
package struct TrainingRun: Equatable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// Accepted, not begun.
        case queued
        case running
        case succeeded
        case failed
        case cancelled

        /// Whether nothing more will come.
        package var isFinal: Bool {
            switch self {
            case .queued, .running: false
            case .succeeded, .failed, .cancelled: true
            }
        }
    }

    /// Where it is.
    package struct Progress: Equatable, Sendable {
        /// Name of the stage, such as `reading`.
        package var phase: String
        /// Of the stage, in [0, 1].
        package var share: Double
        /// Rows read, trees grown or whatever else the stage counts.
        package var done: Int

        package init(phase: String, share: Double, done: Int = 0) {
            self.phase = phase
            self.share = share
            self.done = done
        }
    }

    /// The right to be the one run that a sidecar of this database may have going.
    package struct Slot: Equatable, Sendable {
        /// Which program holds it, so that another can tell whether it still exists.
        package var holder: String

        package init(holder: String) {
            self.holder = holder
        }

        /// There is one.
        static let name = "only"
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
    /// The last that it wrote; empty where nothing is kept of it.
    package var log = ""
    /// While it goes, for runs of a sidecar.
    package var slot: Slot?

    /// A run that begins.
    package init(id: String, by: String, source: String, startedAt: Timestamp, state: State = .running, slot: Slot? = nil) {
        self.id = id
        self.by = by
        self.source = source
        self.startedAt = startedAt
        self.state = state
        self.slot = slot
        updatedAt = startedAt
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
        if let slot {
            writer.string("slot", Slot.name)
            writer.string("holder", slot.holder)
        }
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
        if let phase = try fields.optionalText("phase") {
            progress = Progress(phase: phase, share: try fields.double("share"), done: try fields.optionalInteger("done") ?? 0)
        }
        version = try fields.optionalText("version")
        error = try fields.optionalText("error")
        log = try fields.optionalText("log") ?? ""
        if try fields.optionalText("slot") != nil { slot = Slot(holder: try fields.optionalText("holder") ?? "") }
    }
}
