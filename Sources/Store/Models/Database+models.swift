internal import Scoring

extension Database {
    /// Bytes of a file that one document holds: an artifact is larger than the 16 MiB that a document may have, so it goes in pieces.
    private static let chunkBytes = 4 << 20

    /// The version's entry in `models`; `nil` where it was never registered.
    package func model(_ version: String) throws(StoreError) -> ModelRecord? {
        let doing = "finding the model \(version)"
        let found = try find(Self.filter("_id", version), limits(doing), in: Collection.models.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in try ModelRecord(document) }
    }

    /// The versions that are registered, the newest first.
    package func models(limit: Int = 1000) throws(StoreError) -> [ModelRecord] {
        let doing = "listing the models"
        let options = try Document(
            json: "{\"sort\": {\"created_at\": -1, \"_id\": -1}, \"limit\": \(limit), \"maxTimeMS\": \(Self.queryLimit)}", doing: doing)
        let found = try find(Document(json: "{}", doing: doing), options, in: Collection.models.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try ModelRecord(document) }
    }

    /// Stores the entry of a version, after its files; `false` where the version has one already.
    func insert(_ record: ModelRecord) throws(StoreError) -> Bool {
        let report = try insert([record], into: .models) { record, writer throws(RecordDefect) in record.write(to: &writer) }
        if let rejection = report.rejected.first {
            throw StoreError(
                code: .failed, doing: "registering the model \(record.version)", message: "\(rejection.code): \(rejection.message)")
        }
        return report.duplicates.isEmpty
    }

    /// Stores a file by its checksum; one that is there already is written again, which also mends it.
    func store(_ file: Manifest.File, _ contents: [UInt8]) throws(StoreError) {
        let doing = "storing \(file.name)"
        var writer = DocumentWriter(capacity: min(contents.count, Self.chunkBytes) + 1024)
        for (number, start) in stride(from: 0, to: contents.count, by: Self.chunkBytes).enumerated() {
            writer.begin()
            writer.string("update", Collection.modelFiles.rawValue)
            let updates = writer.openArray("updates")
            let update = writer.openElementDocument(0)
            let query = writer.openDocument("q")
            writer.string("_id", Self.chunkID(file, number))
            writer.close(at: query)
            let change = writer.openDocument("u")
            let set = writer.openDocument("$set")
            writer.string("file", file.sha256)
            writer.int64("number", Int64(number))
            writer.binary("data", contents[start..<min(start + Self.chunkBytes, contents.count)])
            writer.close(at: set)
            writer.close(at: change)
            writer.bool("upsert", true)
            writer.close(at: update)
            writer.close(at: updates)
            writer.end()
            try Self.check(write(writer.document, doing: doing), doing: doing)
        }
    }

    /// A file as it was stored: every piece of the length it must have, and the whole of the right checksum.
    ///
    /// - Throws: `RegistryError.damaged` where it is not what was stored.
    func contents(of file: Manifest.File) throws -> [UInt8] {
        let doing = "reading \(file.name)"
        guard (0...Manifest.maximumFileBytes).contains(file.bytes) else {
            throw RegistryError(.outOfBounds, "\(file.name) is said to have \(file.bytes) bytes; \(Manifest.maximumFileBytes) are allowed")
        }
        var contents: [UInt8] = []
        contents.reserveCapacity(file.bytes)
        var number = 0
        while contents.count < file.bytes {
            let expected = min(Self.chunkBytes, file.bytes - contents.count)
            let found = try find(
                Self.filter("_id", Self.chunkID(file, number)), limits(doing), in: Collection.modelFiles.rawValue, doing: doing)
            guard case .binary(let data)? = found.first?["data"] else {
                throw RegistryError(
                    .damaged, "\(file.name) is not whole in MongoDB: piece \(number) is missing; registering an intact copy again mends it")
            }
            guard data.count == expected else {
                throw RegistryError(
                    .damaged, "\(file.name) is damaged in MongoDB: piece \(number) has \(data.count) bytes, not \(expected)")
            }
            contents += data
            number += 1
        }
        guard Checksum.sha256(contents) == file.sha256 else {
            throw RegistryError(.damaged, "\(file.name) is damaged in MongoDB: its SHA-256 is not the one that was stored")
        }
        return contents
    }

    private static func chunkID(_ file: Manifest.File, _ number: Int) -> String { "\(file.sha256)/\(number)" }

    /// Throws where a write command that was answered did not do as it was told.
    static func check(_ reply: Document, doing: String) throws(StoreError) {
        if let error = reply["writeErrors"]?.document?.values.first?.document {
            throw StoreError(
                domain: 0, rawCode: UInt32(clamping: error["code"]?.integer ?? 0), message: error["errmsg"]?.string ?? "", doing: doing)
        }
        if let error = reply["writeConcernError"]?.document {
            throw StoreError(
                code: .notDurable, doing: doing, rawCode: UInt32(clamping: error["code"]?.integer ?? 0),
                message: error["errmsg"]?.string ?? "")
        }
    }
}
