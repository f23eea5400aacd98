package import Scoring

extension Database {
    /// Saves live health under a name, unless a later state is there: scorers of one queue see the same outcomes, so the latest serves all.
    ///
    /// Majority write.
    ///
    /// - Parameter name: one for each set of queues.
    package func save(_ snapshot: HealthSnapshot, as name: String) throws {
        let doing = "saving live health"
        let json = try snapshot.json()
        guard json.count <= HealthSnapshot.maximumByteCount else {
            throw StoreError(
                code: .failed, doing: doing,
                message: "it has \(json.count) bytes; a document takes \(HealthSnapshot.maximumByteCount)")
        }
        var writer = DocumentWriter(capacity: json.count + 512)
        writer.begin()
        writer.string("update", Collection.liveHealth.rawValue)
        let updates = writer.openArray("updates")
        let update = writer.openElementDocument(0)
        let query = writer.openDocument("q")
        writer.string("_id", name)
        let earlier = writer.openDocument("advanced_to")
        writer.date("$lt", snapshot.advancedTo.milliseconds)
        writer.close(at: earlier)
        writer.close(at: query)
        let change = writer.openDocument("u")
        let set = writer.openDocument("$set")
        writer.date("advanced_to", snapshot.advancedTo.milliseconds)
        writer.binary("snapshot", json[...])
        writer.close(at: set)
        writer.close(at: change)
        writer.bool("upsert", true)
        writer.close(at: update)
        writer.close(at: updates)
        writer.end()
        try replace(with: writer.document, doing: doing)
    }

    private func replace(with command: Document, doing: String) throws(StoreError) {
        do throws(StoreError) {
            try Self.check(write(command, doing: doing), doing: doing)
        } catch {
            // Nothing earlier was found and the name is taken: what is there is later.
            guard error.rawCode == Self.duplicateKey else { throw error }
        }
    }

    /// The live health that was saved under a name; `nil` where none was.
    ///
    /// Throws `HealthSnapshot.Defect` for one that cannot be used.
    package func liveHealth(_ name: String) throws -> HealthSnapshot? {
        let doing = "reading live health"
        let found = try find(Self.filter("_id", name), limits(doing), in: Collection.liveHealth.rawValue, doing: doing)
        guard case .binary(let json)? = found.first?["snapshot"] else { return nil }
        return try HealthSnapshot(json: Array(json))
    }

    private static let duplicateKey: UInt32 = 11000
}
