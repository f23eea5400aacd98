package import Scoring

/// Artifacts between disk and database.
extension Registry {
    /// Checks the artifact in `models/<version>/`, every file of it, and stores it in MongoDB where there is one.
    ///
    /// Registering the same artifact again changes nothing, but mends files that are damaged in MongoDB.
    ///
    /// - Returns: `false` where it was registered before.
    /// - Throws: `RegistryError.versionTaken` where another artifact is registered under that version.
    @discardableResult
    package func register(_ version: String, by: String, at now: Timestamp, reason: String? = nil) throws -> Bool {
        try checkName(version)
        guard folder.holds(version) else { throw RegistryError(.notFound, "there is no \(folder.path)/\(version)") }
        let artifact = folder.artifact(version)
        if let database {
            let manifest = try artifact.manifestBytes()
            if let known = try database.model(version), known.manifest.sha256 != Checksum.sha256(manifest) {
                throw RegistryError(
                    .versionTaken,
                    "another artifact is registered as \(version), by \(known.registeredBy) at \(known.registeredAt.rfc3339); "
                        + "a version is never overwritten: train under another one")
            }
        }
        var manifestFile: Manifest.File?
        let manifest = try artifact.verify { file, contents in
            if file.name == Manifest.fileName { manifestFile = file }
            try database?.store(file, contents)
        }
        guard manifest.modelVersion == version else { throw Self.misnamed(version, manifest.modelVersion) }
        if let database, let manifestFile {
            let record = ModelRecord(manifest, file: manifestFile, by: by, at: now)
            if try !database.insert(record), try database.registered(version).manifest.sha256 != manifestFile.sha256 {
                throw RegistryError(.versionTaken, "another artifact was registered as \(version) at the same time")
            }
        }
        return try history.append(
            ModelEvent(
                .registered, occasion: "registered/\(version)", to: version, by: by, at: now,
                reason: reason ?? "checked: \(manifest.files.count + 1) files, all as the manifest says"))
    }

    /// Brings the registered artifact to `models/<version>/`.
    ///
    /// A copy that is there and intact is left alone; a broken one is set aside under a hidden name.
    ///
    /// - Returns: whether something was written.
    @discardableResult
    package func pull(_ version: String) throws -> Bool {
        try checkName(version)
        guard let database else {
            throw RegistryError(.notFound, "there is no database to pull \(version) from: the registry is on disk alone")
        }
        let record = try database.registered(version)
        if isMirrored(record), (try? folder.artifact(version).verify()) != nil { return false }
        let (manifest, bytes) = try database.manifest(record)
        if folder.holds(version), !isMirrored(record), (try? folder.artifact(version).verify()) != nil {
            throw RegistryError(
                .versionTaken, "\(folder.path)/\(version) holds another artifact than MongoDB; move it away or give it another version")
        }
        if folder.holds(version) { try folder.setAside(version) }
        return try folder.install(version) { write in
            try write(Manifest.fileName, bytes)
            for file in manifest.files { try write(file.name, database.contents(of: file)) }
        }
    }

    /// Makes `models/` tell what MongoDB says of the alias: artifact and link.
    ///
    /// Nothing to do without a database.
    package func mirror(_ alias: ModelAlias) throws {
        guard let database, let standing = try standing(of: alias), standing.isInDatabase else { return }
        try pull(standing.version)
        // Asked again under the lock, so that of two processes neither puts back what the other has put forth.
        var failure: (any Error)?
        try folder.locked { () throws(RegistryError) in
            do {
                guard let newest = try database.newestChange(of: alias)?.to, folder.holds(newest) else { return }
                if folder.version(of: alias) != newest { try folder.point(alias, to: newest) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    func checkName(_ version: String) throws(RegistryError) {
        guard Manifest.isFileName(version), ModelAlias(rawValue: version) == nil, version != "none" else {
            throw RegistryError(.outOfBounds, "'\(version)' is no version: 1 to 64 letters, digits, '.', '_' and '-'")
        }
    }
}
