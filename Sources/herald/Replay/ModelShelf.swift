import Foundation
import Scoring
import Store

/// The scorers that a replay asks for, each model loaded once.
final class ModelShelf {
    /// Versions that are held at once: bounds the memory of a log that many models have made.
    private static let capacity = 16

    private let folder: ModelsFolder
    private let ladder: DelayLadder
    private var scorers: [String: Scorer] = [:]
    private var explainers: [String: DecisionExplainer] = [:]

    init(_ folder: ModelsFolder, ladder: DelayLadder) {
        self.folder = folder
        self.ladder = ladder
    }

    /// The scorer of a version in the models folder; the rules' for `none`.
    ///
    /// - Throws: `ConfigurationError` that says how to get a version that is not there; `ModelError` for a broken artifact.
    func scorer(version: String) throws -> Scorer {
        if let scorer = scorers[version] { return scorer }
        if scorers.count >= Self.capacity { scorers = [:] }
        let scorer = try Scorer(model: version == Scorer.noVersion ? nil : model(version), ladder: ladder)
        scorers[version] = scorer
        return scorer
    }

    /// What explains the decisions of a scorer, exactly.
    func explainer(of scorer: Scorer) -> DecisionExplainer {
        if let explainer = explainers[scorer.modelVersion] { return explainer }
        if explainers.count >= Self.capacity { explainers = [:] }
        let explainer = scorer.explainer()
        explainers[scorer.modelVersion] = explainer
        return explainer
    }

    /// The scorer of an artifact's folder or of a version.
    func scorer(_ pathOrVersion: String) throws -> Scorer {
        guard Self.isFolder(pathOrVersion) else { return try scorer(version: pathOrVersion) }
        return try Scorer(model: ArtifactFolder(pathOrVersion).load(), ladder: ladder)
    }

    /// The artifact in a folder or of a version; `nil` for `none`.
    func artifact(_ pathOrVersion: String) throws -> ArtifactFolder? {
        guard pathOrVersion != Scorer.noVersion else { return nil }
        return try Self.isFolder(pathOrVersion) ? ArtifactFolder(pathOrVersion) : artifact(version: pathOrVersion)
    }

    private static func isFolder(_ pathOrVersion: String) -> Bool {
        pathOrVersion.contains("/") || FileManager.default.fileExists(atPath: "\(pathOrVersion)/manifest.json")
    }

    private func model(_ version: String) throws -> ScoringModel {
        try artifact(version: version).load()
    }

    private func artifact(version: String) throws -> ArtifactFolder {
        guard folder.versions().contains(version) else {
            throw ConfigurationError(
                "model \(version) is not in \(folder.path)/: `herald models pull \(version)` brings it there from the registry")
        }
        return folder.artifact(version)
    }
}
