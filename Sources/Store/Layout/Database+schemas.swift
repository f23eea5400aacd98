extension Database {
    /// Keeps the names of a feature schema, which the view `decisions_named` needs.
    ///
    /// Call it once for each model loaded.
    ///
    /// - Parameters:
    ///   - fingerprint: as in `DecisionRecord.schemaFingerprint`.
    ///   - features: the names in the order of the feature row, no two alike.
    package func register(schema fingerprint: String, features: [String]) throws(StoreError) {
        let doing = "registering the feature schema \(fingerprint)"
        var writer = DocumentWriter()
        writer.begin()
        writer.string("insert", Collection.schemas.rawValue)
        let documents = writer.openArray("documents")
        let document = writer.openElementDocument(0)
        writer.string("_id", fingerprint)
        let names = writer.openArray("features")
        for (index, name) in features.enumerated() { writer.element(index, string: name) }
        writer.close(at: names)
        writer.close(at: document)
        writer.close(at: documents)
        writer.end()
        do throws(StoreError) {
            try write(writer.document, doing: doing)
        } catch {
            // The fingerprint covers the names, so the document that is there already is this one.
            guard error.rawCode == 11_000 else { throw error }
        }
    }

    /// Deletes the whole database: for tests, each of which has one of its own.
    package func drop() throws(StoreError) {
        try write(Document(json: #"{"dropDatabase": 1}"#, doing: "dropping the database"), doing: "dropping \(url.databaseName)")
    }
}
