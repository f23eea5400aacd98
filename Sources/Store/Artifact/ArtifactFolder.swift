internal import Foundation
package import Scoring

/// A model artifact on disk: `manifest.json` and the files it lists, in a folder of its own.
package struct ArtifactFolder: Sendable {
    /// Largest model file that is read, in bytes.
    private static let maximumModelBytes = 512 << 20

    package let path: String

    /// - Parameter path: the folder, or a link to it such as `models/champion`.
    package init(_ path: String) {
        self.path = path
    }

    /// Reads and checks the model.
    ///
    /// - Throws: `ModelError` naming the file or key.
    package func load() throws(ModelError) -> ScoringModel {
        let manifest = try Manifest(json: contents(of: "manifest.json", atMost: Manifest.maximumByteCount))
        return try ScoringModel(manifest: manifest, model: contents(of: Manifest.modelFileName, atMost: Self.maximumModelBytes))
    }

    private func contents(of name: String, atMost limit: Int) throws(ModelError) -> [UInt8] {
        let file = URL(filePath: path).appending(path: name)
        do {
            let size = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            guard size <= limit else {
                throw ModelError(.invalidValue, key: file.path, "has \(size) bytes, more than the \(limit) allowed")
            }
            return try [UInt8](Data(contentsOf: file))
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError(.unreadableFile, key: file.path, "cannot be read: \(error.localizedDescription)")
        }
    }
}
