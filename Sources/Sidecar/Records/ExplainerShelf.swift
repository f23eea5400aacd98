package import Scoring
package import Store
internal import Synchronization

/// What explains the decisions of the models that were asked for last, each loaded from the registry once.
///
/// Its calls block, so none belongs on the cooperative pool.
package final class ExplainerShelf: Sendable {
    private struct Storage {
        /// The one used last is at the end.
        var explainers: [(version: String, explainer: DecisionExplainer)] = []
        /// Versions that could not be loaded, and until when they are not tried again.
        var failures: [String: ContinuousClock.Instant] = [:]
    }

    /// Models that are held at once, which bounds memory.
    private static let capacity = 3
    /// Between two tries to load a model that could not be loaded.
    private static let patience = Duration.seconds(30)
    private static let mostFailures = 64

    private let registry: Registry
    private let storage = Mutex(Storage())
    /// One load at a time: each takes memory.
    private let loading = Mutex(())
    private let ofRules = DecisionExplainer(model: nil)

    package init(_ registry: Registry) {
        self.registry = registry
    }

    /// Explains a decision: exactly where its model is at hand, else by its rule and its runner-up alone.
    package func explain(_ record: DecisionRecord) -> DecisionExplanation {
        explainer(version: record.decision.model).explain(record.decision, of: record.job)
    }

    private func explainer(version: String) -> DecisionExplainer {
        guard version != "none" else { return ofRules }
        if let found = find(version) { return found }
        return loading.withLock { _ in
            if let found = find(version) { return found }
            guard storage.withLock({ $0.failures[version].map { $0 < .now } ?? true }) else { return ofRules }
            do {
                let explainer = DecisionExplainer(model: try registry.load(version: version), attribution: .exact)
                storage.withLock { storage in
                    if storage.explainers.count >= Self.capacity { storage.explainers.removeFirst() }
                    storage.explainers.append((version, explainer))
                    storage.failures[version] = nil
                }
                return explainer
            } catch {
                // A model that is gone explains nothing; the decision is shown all the same.
                storage.withLock { storage in
                    if storage.failures.count >= Self.mostFailures { storage.failures = [:] }
                    storage.failures[version] = .now + Self.patience
                }
                return ofRules
            }
        }
    }

    private func find(_ version: String) -> DecisionExplainer? {
        storage.withLock { storage in
            guard let index = storage.explainers.firstIndex(where: { $0.version == version }) else { return nil }
            let found = storage.explainers.remove(at: index)
            storage.explainers.append(found)
            return found.explainer
        }
    }
}
