import Broker
import Foundation
import Scoring
import Store
import Training

/// Tells the collection `training_runs` of a run, for whoever waits for it elsewhere.
///
/// A run goes on whatever becomes of its journal: what MongoDB does not take is said once and left out.
final class TrainingJournal {
    /// Between two reports of progress.
    private static let interval = Duration.seconds(1)

    private let database: Store.Database
    private let run: TrainingRun
    private var reportedAt = MonotonicTime.now
    private var hasFailed = false

    init(_ database: Store.Database, by author: String, source: String) {
        self.database = database
        run = TrainingRun(id: UUID().uuidString.lowercased(), by: author, source: String(source.prefix(1000)), startedAt: .now)
        attempt { try database.begin(run) }
    }

    func report(_ progress: TrainingProgress) {
        guard MonotonicTime.now - reportedAt >= Self.interval else { return }
        reportedAt = .now
        attempt { try database.report(.init(phase: progress.phase.rawValue, share: progress.share), of: run.id, at: .now) }
    }

    /// Runs `body` and notes how it ended.
    func follow(_ body: () throws -> TrainingReport) throws -> TrainingReport {
        do {
            let report = try body()
            attempt { try database.succeed(run.id, version: report.version, at: .now) }
            return report
        } catch {
            attempt { try database.fail(run.id, error: "\(error)", at: .now) }
            throw error
        }
    }

    private func attempt(_ write: () throws -> Void) {
        guard !hasFailed else { return }
        do {
            try write()
        } catch {
            hasFailed = true
            FileHandle.standardError.write(Data("note: the run is not in training_runs: \(error)\n".utf8))
        }
    }
}
