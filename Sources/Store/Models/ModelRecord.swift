package import Scoring

/// A version as the collection `models` knows it; its files lie in `model_files`.
package struct ModelRecord: Equatable, Sendable {
    package var version: String
    package var registeredAt: Timestamp
    package var registeredBy: String
    package var createdAt: Timestamp
    package var parentVersion: String?
    package var schemaFingerprint: String
    /// By name, as in the manifest.
    package var metrics: [String: Manifest.Metric]
    /// `manifest.json` itself.
    package var manifest: Manifest.File
    /// The files that the manifest lists.
    package var files: [Manifest.File]

    init(_ manifest: Manifest, file: Manifest.File, by: String, at: Timestamp) {
        version = manifest.modelVersion
        registeredAt = at
        registeredBy = by
        createdAt = manifest.createdAt
        parentVersion = manifest.parentVersion
        schemaFingerprint = manifest.schema.fingerprint
        metrics = manifest.metrics
        self.manifest = file
        files = manifest.files
    }
}

extension ModelRecord {
    func write(to writer: inout DocumentWriter) {
        writer.begin()
        writer.string("_id", version)
        writer.date("registered_at", registeredAt.milliseconds)
        writer.string("registered_by", registeredBy)
        writer.date("created_at", createdAt.milliseconds)
        if let parentVersion { writer.string("parent", parentVersion) }
        writer.string("schema", schemaFingerprint)
        let list = writer.openArray("metrics")
        for (index, (name, metric)) in metrics.sorted(by: { $0.key < $1.key }).enumerated() {
            let element = writer.openElementDocument(index)
            writer.string("name", name)
            writer.double("value", metric.value)
            if let lower = metric.lower { writer.double("lower", lower) }
            if let upper = metric.upper { writer.double("upper", upper) }
            writer.close(at: element)
        }
        writer.close(at: list)
        let files = writer.openArray("files")
        for (index, file) in ([manifest] + self.files).enumerated() {
            let element = writer.openElementDocument(index)
            writer.string("name", file.name)
            writer.int64("bytes", Int64(file.bytes))
            writer.string("sha256", file.sha256)
            writer.close(at: element)
        }
        writer.close(at: files)
        writer.end()
    }

    init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "model \(document["_id"]?.string ?? "without a version")")
        version = try fields.text("_id")
        registeredAt = try fields.time("registered_at")
        registeredBy = try fields.text("registered_by")
        createdAt = try fields.time("created_at")
        parentVersion = try fields.optionalText("parent")
        schemaFingerprint = try fields.text("schema")
        metrics = [:]
        for metric in try fields.array("metrics", \.document) {
            let entry = DocumentFields(metric, name: "metric of model \(version)")
            metrics[try entry.text("name")] = Manifest.Metric(
                try entry.double("value"), lower: try entry.optionalDouble("lower"), upper: try entry.optionalDouble("upper"))
        }
        var files: [Manifest.File] = []
        for file in try fields.array("files", \.document) {
            let entry = DocumentFields(file, name: "file of model \(version)")
            files.append(Manifest.File(name: try entry.text("name"), bytes: try entry.integer("bytes"), sha256: try entry.text("sha256")))
        }
        // What cannot be bounded is not read.
        guard let first = files.first, first.name == Manifest.fileName,
            files.allSatisfy({ (0...Manifest.maximumFileBytes).contains($0.bytes) })
        else { throw fields.defect("files") }
        manifest = first
        self.files = Array(files.dropFirst())
    }
}

extension Manifest.File {
    /// A file as a document describes it.
    init(name: String, bytes: Int, sha256: String) {
        self.init(name: name, contents: [])
        self.bytes = bytes
        self.sha256 = sha256
    }
}
