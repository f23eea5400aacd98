extension Database {
    /// Makes collections, validators, indexes and the view, or brings existing ones up to date.
    ///
    /// Idempotent; safe to run side by side.
    ///
    /// - Parameter retentionDays: after how many days decisions and outcomes expire, 1 to 20 000. The server deletes them in the
    ///   background, within a minute or so.
    /// - Returns: what was changed, a phrase each; empty where everything was in place.
    @discardableResult
    package func prepare(retentionDays: Int = 90) throws(StoreError) -> [String] {
        guard (1...20_000).contains(retentionDays) else {
            throw StoreError(
                code: .failed, doing: "preparing the database", message: "retention is 1 to 20000 days, not \(retentionDays)")
        }
        var changes: [String] = []
        for collection in Collection.allCases {
            try prepare(collection, &changes)
            try prepareIndexes(of: collection, retentionSeconds: retentionDays * 86_400, &changes)
        }
        try prepareView(&changes)
        return changes
    }

    private func prepare(_ collection: Collection, _ changes: inout [String]) throws(StoreError) {
        let name = collection.rawValue
        let doing = "preparing the collection \(name)"
        let validator = "{\"$jsonSchema\": \(collection.schema)}"
        let wanted = try Document(json: validator, doing: doing)
        let create = "{\"create\": \"\(name)\", \"validator\": \(validator)}"
        let modify =
            "{\"collMod\": \"\(name)\", \"validator\": \(validator), \"validationLevel\": \"strict\", \"validationAction\": \"error\"}"
        try ensure(name, create: create, modify: modify, doing: doing, &changes) { $0["validator"]?.document == wanted }
    }

    private func prepareView(_ changes: inout [String]) throws(StoreError) {
        let name = Collection.decisionsNamed
        let doing = "preparing the view \(name)"
        let definition = "\"viewOn\": \"\(Collection.decisions.rawValue)\", \"pipeline\": \(Collection.decisionsNamedPipeline)}"
        let wanted = try Document(json: "{" + definition, doing: doing)
        try ensure(
            name, create: "{\"create\": \"\(name)\", " + definition, modify: "{\"collMod\": \"\(name)\", " + definition, doing: doing,
            &changes
        ) { $0["viewOn"] == wanted["viewOn"] && $0["pipeline"] == wanted["pipeline"] }
    }

    /// Creates what is missing and modifies what `isCurrent` does not accept.
    private func ensure(
        _ name: String, create: String, modify: String, doing: String, _ changes: inout [String], isCurrent: (Document) -> Bool
    ) throws(StoreError) {
        if try options(of: name, doing: doing) == nil {
            do throws(StoreError) {
                try write(Document(json: create, doing: doing), doing: doing)
                changes.append("created \(name)")
                return
            } catch {
                // NamespaceExists: another process was faster, perhaps an older version, so look again.
                guard error.rawCode == 48 else { throw error }
            }
        }
        guard let existing = try options(of: name, doing: doing), !isCurrent(existing) else { return }
        try write(Document(json: modify, doing: doing), doing: doing)
        changes.append("updated \(name)")
    }

    /// The options a collection or view was made with; `nil` where there is none of that name.
    private func options(of name: String, doing: String) throws(StoreError) -> Document? {
        let list = try Document(json: "{\"listCollections\": 1, \"filter\": {\"name\": \"\(name)\"}}", doing: doing)
        return firstBatch(try read(list, doing: doing)).first.map { $0["options"]?.document ?? Document(bytes: [5, 0, 0, 0, 0]) }
    }

    private func prepareIndexes(of collection: Collection, retentionSeconds: Int, _ changes: inout [String]) throws(StoreError) {
        guard !collection.indexes.isEmpty else { return }
        let name = collection.rawValue
        let doing = "preparing the indexes of \(name)"
        let existing = firstBatch(try read(Document(json: "{\"listIndexes\": \"\(name)\"}", doing: doing), doing: doing))
        // Indexes cannot be made again with another age, so that one is changed in place.
        for index in collection.indexes where index.expires {
            guard let found = existing.first(where: { $0["name"]?.string == index.name }),
                found["expireAfterSeconds"]?.integer != Int64(retentionSeconds)
            else { continue }
            let change = "{\"name\": \"\(index.name)\", \"expireAfterSeconds\": \(retentionSeconds)}"
            try write(Document(json: "{\"collMod\": \"\(name)\", \"index\": \(change)}", doing: doing), doing: doing)
            changes.append("changed the retention of \(name)")
        }
        let specifications = collection.indexes.map { index in
            let expiry = index.expires ? ", \"expireAfterSeconds\": \(retentionSeconds)" : ""
            let options = index.options.isEmpty ? "" : ", " + index.options
            return "{\"name\": \"\(index.name)\", \"key\": \(index.key)\(expiry)\(options)}"
        }
        let create = "{\"createIndexes\": \"\(name)\", \"indexes\": [\(specifications.joined(separator: ", "))]}"
        let reply = try write(Document(json: create, doing: doing), doing: doing)
        if reply["numIndexesBefore"]?.integer != reply["numIndexesAfter"]?.integer { changes.append("indexed \(name)") }
        let retired = collection.retiredIndexes.filter { old in existing.contains { $0["name"]?.string == old } }
        for index in retired { try drop(index, of: name, doing: doing, &changes) }
    }

    private func drop(_ index: String, of name: String, doing: String, _ changes: inout [String]) throws(StoreError) {
        do throws(StoreError) {
            try write(Document(json: "{\"dropIndexes\": \"\(name)\", \"index\": \"\(index)\"}", doing: doing), doing: doing)
            changes.append("dropped the index \(index) of \(name)")
        } catch {
            // IndexNotFound: another process was faster.
            guard error.rawCode == 27 else { throw error }
        }
    }

    /// Herald's lists fit a server's first batch (101 entries), so no cursor is left open.
    private func firstBatch(_ reply: Document) -> [Document] {
        reply["cursor"]?.document?["firstBatch"]?.document?.values.compactMap(\.document) ?? []
    }
}
