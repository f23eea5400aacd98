internal import Forest

/// A model that passed every check: what a scorer needs, immutable, shared by all threads.
package struct ScoringModel: Sendable {
    /// As in the manifest; every decision carries it.
    package let version: String
    package let schema: FeatureSchema
    /// The policy the model was published with.
    package let parameters: PolicyParameters
    /// From this probability on success counts as predicted, in [0, 1]; `nil` where the artifact names none.
    package let operatingThreshold: Float?

    private let calibration: Calibration
    private let forest: Forest
    /// The same for the actions of jobs: what varies within a route of a job is what the delay changes.
    private let actions: ForestActions

    /// Reads `manifest.json` and `model.ubj` or `model.txt`, and checks both and that they belong together.
    package init(manifest: [UInt8], model: [UInt8]) throws(ModelError) {
        try self.init(manifest: Manifest(json: manifest), model: model)
    }

    /// The same with a manifest that was read before.
    package init(manifest: Manifest, model: [UInt8]) throws(ModelError) {
        let file = try manifest.modelFile
        let name = file.name
        guard model.count == file.bytes, Checksum.sha256(model) == file.sha256 else {
            throw ModelError(.checksumMismatch, key: name, "is not the file of \(file.bytes) bytes that the manifest describes")
        }
        let forest: Forest
        do {
            forest = try name == Manifest.lightGBMFileName ? Forest(lightGBM: model) : Forest(xgboost: model)
        } catch {
            throw ModelError(.unreadableModel, key: name, String(describing: error))
        }
        guard forest.featureNames == manifest.schema.names, forest.featureCount == manifest.schema.featureCount else {
            throw ModelError(.schemaMismatch, key: name, "its \(forest.featureCount) features are not the schema's, in order and by name")
        }
        guard forest.objective.isProbability else {
            throw ModelError(.schemaMismatch, key: name, "its objective '\(forest.objective.rawValue)' does not predict a probability")
        }
        version = manifest.modelVersion
        schema = manifest.schema
        parameters = manifest.policy
        operatingThreshold = manifest.assessment.map { Float($0.operatingThreshold) }
        calibration = manifest.calibration
        self.forest = forest
        actions = ForestActions(forest, varyingFeatures: Array(FeatureColumn.delayDependent))
    }

    /// The margins of rows in schema order; see `Forest.margins`.
    package func margins(of rows: Span<Float>, into margins: inout MutableSpan<Float>) {
        forest.margins(of: rows, into: &margins)
    }

    /// Computes the margin of each action; equal to `margins(of:into:)` of their rows to the bit.
    ///
    /// - Parameter margins: `rows.actionCount` elements.
    package func margins(of rows: ActionRows, into margins: inout MutableSpan<Float>) {
        actions.margins(shared: rows.routes.span, counts: rows.counts.span, varying: rows.delays.span, into: &margins)
    }

    /// Prepares explanations of margins.
    func forestExplainer(_ method: ForestExplainer.Method) -> ForestExplainer {
        ForestExplainer(forest, method: method)
    }

    /// Calibrated P(success) for a margin.
    package func probability(margin: Float) -> Float {
        calibration.probability(margin: margin)
    }
}
