import Foundation
import Scoring

/// A feature schema on disk: that of an export, or a model's.
struct SchemaFile {
    let schema: FeatureSchema

    /// - Parameter path: `schema.json`, a manifest, or a folder with one of them.
    /// - Throws: `ConfigurationError` naming the file; `ModelError` for a manifest that is not one.
    init(_ path: String) throws {
        let manager = FileManager.default
        let candidates = [path, "\(path)/schema.json", "\(path)/manifest.json"]
        var isFolder: ObjCBool = false
        guard let file = candidates.first(where: { manager.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue }),
            let bytes = manager.contents(atPath: file)
        else { throw ConfigurationError("'\(path)' is no schema.json, no manifest and no folder with one of them") }
        do {
            schema = try JSONDecoder().decode(FeatureSchema.self, from: bytes)
        } catch let error as ModelError {
            throw ConfigurationError("\(file): \(error)")
        } catch {
            schema = try Manifest(json: [UInt8](bytes)).schema
        }
    }
}
