package import Scoring
internal import Synchronization

/// The scorer in use; another one may take its place at any time.
///
/// Whoever scores a batch takes it once and keeps it until the batch is done: one immutable model a batch.
package final class CurrentScorer: Sendable {
    private let storage: Mutex<Scorer>

    package init(_ scorer: Scorer) {
        storage = Mutex(scorer)
    }

    /// The one in use now.
    package var scorer: Scorer { storage.withLock { $0 } }

    /// Takes effect with the next batch.
    package func replace(with scorer: Scorer) {
        storage.withLock { $0 = scorer }
    }
}
