package import Scoring

/// Versions as whoever shows or explains them needs them.
extension Registry {
    /// The manifest of a version and its bytes: as registered, or of the copy on disk where it is not.
    ///
    /// - Throws: `RegistryError.notFound`; `ModelError` or `RegistryError` where it is broken; `StoreError` where the database does not answer.
    package func manifest(of version: String) throws -> (manifest: Manifest, bytes: [UInt8]) {
        try checkName(version)
        if let database, let record = try database.model(version) {
            // The same bytes, without asking the server for them.
            if let bytes = try? folder.artifact(version).manifestBytes(), Checksum.sha256(bytes) == record.manifest.sha256 {
                return (try Manifest(json: bytes), bytes)
            }
            return try database.manifest(record)
        }
        guard folder.holds(version) else { throw absent(version) }
        let bytes = try folder.artifact(version).manifestBytes()
        let manifest = try Manifest(json: bytes)
        guard manifest.modelVersion == version else { throw Self.misnamed(version, manifest.modelVersion) }
        return (manifest, bytes)
    }

    /// A file of a version, of the size and checksum that its manifest gives it; `nil` where the manifest lists none of that name.
    package func file(_ name: String, of version: String) throws -> [UInt8]? {
        guard let file = try manifest(of: version).manifest.files.first(where: { $0.name == name }) else { return nil }
        if let bytes = try? folder.artifact(version).contents(of: file) { return bytes }
        guard let database, try database.model(version) != nil else {
            throw RegistryError(.damaged, "\(folder.path)/\(version)/\(name) is not the file that the manifest describes")
        }
        return try database.contents(of: file)
    }

    /// Loads a version, checked to the last byte.
    ///
    /// - Throws: as `manifest(of:)`.
    package func load(version: String) throws -> ScoringModel {
        try checkName(version)
        guard let database, let record = try database.model(version) else {
            guard folder.holds(version) else { throw absent(version) }
            let model = try folder.artifact(version).load()
            guard model.version == version else { throw Self.misnamed(version, model.version) }
            return model
        }
        if isMirrored(record), let model = try? folder.artifact(version).load() { return model }
        return try database.loadModel(record)
    }

    /// What the history says of a version, oldest first, at most `limit` of the newest entries.
    package func events(of version: String, limit: Int = 1000) throws -> [ModelEvent] {
        Array(try events(limit: 10_000).filter { $0.to == version || $0.from == version }.suffix(limit))
    }

    /// The versions that the aliases stand for.
    package func aliases() throws -> [ModelAlias: String] {
        var aliases: [ModelAlias: String] = [:]
        for alias in ModelAlias.allCases { aliases[alias] = try standing(of: alias)?.version }
        return aliases
    }

    private func absent(_ version: String) -> RegistryError {
        RegistryError(
            .notFound, "there is no model \(version)\(database == nil ? "" : ", neither in MongoDB nor") as \(folder.path)/\(version)")
    }
}
