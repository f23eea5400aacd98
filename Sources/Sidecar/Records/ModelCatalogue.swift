internal import Scoring
package import Store
internal import Synchronization

/// The registry as clients see it; manifests that were read are kept, because a version never changes.
///
/// Its calls block, so none belongs on the cooperative pool.
package final class ModelCatalogue: Sendable {
    /// Manifests that are held at once, which bounds memory: the largest have some hundred kilobytes.
    private static let capacity = 64

    package let registry: Registry
    /// Those read last are at the end.
    private let kept = Mutex<[(version: String, createdAt: Timestamp, manifest: Manifest)]>([])

    package init(_ registry: Registry) {
        self.registry = registry
    }

    /// The newest versions first, at most `limit`.
    package func versions(limit: Int) throws -> [ModelSummary] {
        try registry.entries().reversed().prefix(limit).map { entry in
            do {
                return ModelSummary(entry, manifest: try manifest(entry), problem: entry.problem.map { _ in "its manifest cannot be read" })
            } catch let error as StoreError {
                throw error
            } catch {
                return ModelSummary(entry, manifest: nil, problem: "its manifest cannot be read")
            }
        }
    }

    private func manifest(_ entry: Registry.Entry) throws -> Manifest {
        let found = kept.withLock { $0.first { $0.version == entry.version && $0.createdAt == entry.createdAt }?.manifest }
        if let found { return found }
        let manifest = try registry.manifest(of: entry.version).manifest
        kept.withLock { kept in
            if kept.count >= Self.capacity { kept.removeFirst() }
            kept.append((entry.version, manifest.createdAt, manifest))
        }
        return manifest
    }
}
