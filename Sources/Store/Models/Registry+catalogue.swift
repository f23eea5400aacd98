package import Scoring

/// What there is.
extension Registry {
    /// A version in a list.
    package struct Entry: Sendable {
        package var version: String
        package var aliases: [ModelAlias] = []
        package var createdAt: Timestamp?
        package var parentVersion: String?
        package var metrics: [String: Manifest.Metric] = [:]
        package var isOnDisk = false
        package var isInDatabase = false
        /// Why the manifest on disk cannot be read.
        package var problem: String?
    }

    /// Every version on disk and in the database, the newest last; manifests are read, files are not checked.
    package func entries() throws -> [Entry] {
        var entries: [String: Entry] = [:]
        for record in try database?.models() ?? [] {
            entries[record.version] = Entry(
                version: record.version, createdAt: record.createdAt, parentVersion: record.parentVersion, metrics: record.metrics,
                isInDatabase: true)
        }
        for version in folder.versions() {
            var entry = entries[version] ?? Entry(version: version)
            entry.isOnDisk = true
            do throws(ModelError) {
                let manifest = try folder.artifact(version).manifest()
                if !entry.isInDatabase {
                    entry.createdAt = manifest.createdAt
                    entry.parentVersion = manifest.parentVersion
                    entry.metrics = manifest.metrics
                }
            } catch {
                entry.problem = "\(error)"
            }
            entries[version] = entry
        }
        for alias in ModelAlias.allCases {
            guard let version = try standing(of: alias)?.version else { continue }
            entries[version, default: Entry(version: version, problem: "missing")].aliases.append(alias)
        }
        return entries.values.sorted { left, right in
            (left.createdAt?.milliseconds ?? 0, left.version) < (right.createdAt?.milliseconds ?? 0, right.version)
        }
    }

    /// A version looked at closely.
    package struct Inspection: Sendable {
        /// One place that holds the artifact.
        package struct Copy: Sendable {
            /// `disk` or `mongodb`.
            package var place: String
            /// Files that passed their check, the manifest among them.
            package var files: [Manifest.File] = []
            /// Why the artifact is broken; `nil` where every file is as the manifest says and the model loads.
            package var problem: String?
        }

        package var version: String
        package var aliases: [ModelAlias]
        package var manifest: Manifest?
        package var copies: [Copy]
        /// What the history says of it, oldest first.
        package var events: [ModelEvent]
    }

    /// Checks every file of a version wherever it is kept.
    ///
    /// - Throws: `RegistryError.notFound` where it is kept nowhere.
    package func inspect(_ version: String) throws -> Inspection {
        try checkName(version)
        let aliases = try ModelAlias.allCases.filter { try standing(of: $0)?.version == version }
        let events = try self.events(limit: 10_000).filter { $0.to == version || $0.from == version }
        var inspection = Inspection(version: version, aliases: aliases, copies: [], events: events)
        if let database, let record = try database.model(version) { try inspect(record, in: database, &inspection) }
        if folder.holds(version) { inspectDisk(version, &inspection) }
        guard !inspection.copies.isEmpty else {
            throw RegistryError(
                .notFound, "there is no model \(version)\(database == nil ? "" : ", neither in MongoDB nor") as \(folder.path)/\(version)")
        }
        return inspection
    }

    private func inspect(_ record: ModelRecord, in database: Database, _ inspection: inout Inspection) throws {
        var copy = Inspection.Copy(place: "mongodb")
        do {
            inspection.manifest = try database.manifest(record).manifest
            try database.verify(record) { copy.files.append($0) }
        } catch let error as StoreError {
            throw error
        } catch {
            copy.problem = "\(error)"
        }
        inspection.copies.append(copy)
    }

    private func inspectDisk(_ version: String, _ inspection: inout Inspection) {
        var copy = Inspection.Copy(place: "disk")
        do {
            let manifest = try folder.artifact(version).verify { file, _ in copy.files.append(file) }
            if inspection.manifest == nil { inspection.manifest = manifest }
            if manifest.modelVersion != version { throw Self.misnamed(version, manifest.modelVersion) }
        } catch {
            copy.problem = "\(error)"
        }
        inspection.copies.append(copy)
    }

    /// What is not as it should be between aliases, disk and database; a sentence each with what to do about it.
    package func problems() throws -> [String] {
        var problems: [String] = []
        for alias in ModelAlias.allCases {
            let linked = folder.version(of: alias)
            guard let standing = try standing(of: alias) else { continue }
            do {
                _ = try load(standing, as: alias)
            } catch let error as StoreError where error.code != .unreadable {
                throw error
            } catch {
                let advice = alias == .champion ? "`herald models rollback` or `promote` another" : "`herald models challenge` another"
                problems.append("the \(alias.rawValue) \(standing.version) is broken: \(error); \(advice)")
                continue
            }
            guard standing.isInDatabase else { continue }
            if folder.holds(standing.version) {
                do {
                    try folder.artifact(standing.version).verify()
                } catch {
                    problems.append(
                        "the copy of \(standing.version) in \(folder.path)/ is broken, the one in MongoDB is not: \(error); "
                            + "`herald models pull \(standing.version)` mends it")
                }
            }
            if linked != standing.version {
                problems.append(
                    "\(folder.link(alias)) points to \(linked ?? "nothing"), but MongoDB says \(standing.version), which counts; "
                        + "`herald models pull \(standing.version)` makes it follow")
            }
        }
        return problems
    }
}
