package import Scoring

/// The versions of the model, and which of them is champion and which challenger.
///
/// With a database, MongoDB is the truth: the artifacts in `models` and `model_files`, the aliases as the newest entries of the history in
/// `model_events`; `models/` is a mirror of it. As long as the database knows of no champion, the link in `models/` counts, and the first
/// change takes it over. Without a database, `models/` is all there is: the links are the truth, `events.ndjson` the history.
///
/// Every method blocks, so none belongs on the cooperative pool.
package struct Registry: Sendable {
    package let folder: ModelsFolder
    /// `nil` = on disk alone.
    package let database: Database?

    let history: any ModelHistory
    /// Changes of an alias that are looked at: bounds what a rollback can go back to.
    private static let longestTimeline = 10_000

    package init(folder: ModelsFolder, database: Database?) {
        self.folder = folder
        self.database = database
        history = database.map { DatabaseHistory(database: $0) } ?? DiskHistory(folder: folder)
    }

    /// What an alias stands for at a moment.
    package struct Standing: Equatable, Sendable {
        package var version: String
        /// Another one whenever there may be something new to load.
        package var token: String
        /// Whether MongoDB says so, and has the artifact.
        package var isInDatabase: Bool
    }

    /// What the alias stands for; `nil` where it stands for nothing.
    ///
    /// Cheap: one indexed query, or a look at the link and the files behind it.
    package func standing(of alias: ModelAlias) throws -> Standing? {
        if let database, let event = try database.newestChange(of: alias) {
            return Standing(version: event.to, token: event.id, isInDatabase: true)
        }
        guard let version = folder.version(of: alias) else { return nil }
        return Standing(version: version, token: folder.fingerprint(of: alias), isInDatabase: false)
    }

    /// The newest entries of the history, at most `limit`, oldest first.
    package func events(limit: Int = 1000) throws -> [ModelEvent] {
        // One order can leave several entries of the same time: first what was found and checked, then what came of it.
        let ranks = [ModelEvent.Kind.imported: 0, .registered: 1]
        return try history.events(limit: limit).sorted { left, right in
            (left.at.milliseconds, ranks[left.kind] ?? 2) < (right.at.milliseconds, ranks[right.kind] ?? 2)
        }
    }

    /// The changes of an alias.
    package func timeline(of alias: ModelAlias) throws -> AliasTimeline {
        AliasTimeline(alias, try history.changes(of: alias, limit: Self.longestTimeline))
    }

    /// Loads what an alias stands for, checked to the last byte.
    ///
    /// With a database, the copy on disk serves where it is the registered one.
    ///
    /// - Throws: `ModelError` or `RegistryError` where the artifact is broken, `StoreError` where the database does not answer.
    package func load(_ standing: Standing, as alias: ModelAlias) throws -> ScoringModel {
        guard let database, standing.isInDatabase else {
            let model = try ArtifactFolder(folder.link(alias)).load()
            guard model.version == standing.version else { throw Self.misnamed(standing.version, model.version) }
            return model
        }
        let record = try database.registered(standing.version)
        // A broken copy on disk does not matter while MongoDB has a good one.
        if isMirrored(record), let model = try? folder.artifact(standing.version).load() { return model }
        return try database.loadModel(record)
    }

    /// Whether the copy on disk has the manifest that was registered.
    func isMirrored(_ record: ModelRecord) -> Bool {
        guard let bytes = try? folder.artifact(record.version).manifestBytes() else { return false }
        return Checksum.sha256(bytes) == record.manifest.sha256
    }

    static func misnamed(_ version: String, _ found: String) -> ModelError {
        ModelError(.invalidValue, key: "model_version", "is '\(found)' in the artifact that is kept as '\(version)'")
    }
}

extension Database {
    func registered(_ version: String) throws -> ModelRecord {
        guard let record = try model(version) else {
            throw RegistryError(.notFound, "model \(version) is not in MongoDB; `herald models register \(version)` puts it there")
        }
        return record
    }

    /// The manifest and its bytes as they were registered.
    func manifest(_ record: ModelRecord) throws -> (manifest: Manifest, bytes: [UInt8]) {
        let bytes = try contents(of: record.manifest)
        let manifest = try Manifest(json: bytes)
        try manifest.checkFiles()
        guard manifest.modelVersion == record.version else { throw Registry.misnamed(record.version, manifest.modelVersion) }
        return (manifest, bytes)
    }

    /// Checks every file as it was registered, and that the model loads.
    ///
    /// - Parameter take: gets each file, manifest first, when it has passed its check.
    func verify(_ record: ModelRecord, _ take: (Manifest.File) -> Void = { _ in }) throws {
        let manifest = try manifest(record).manifest
        take(record.manifest)
        for file in manifest.files {
            _ = try contents(of: file)
            take(file)
        }
        _ = try loadModel(record)
    }

    /// The model as it was registered.
    func loadModel(_ record: ModelRecord) throws -> ScoringModel {
        let manifest = try manifest(record).manifest
        let file = try manifest.modelFile
        return try ScoringModel(manifest: manifest, model: contents(of: file))
    }
}
