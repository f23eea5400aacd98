internal import Forest
internal import Foundation
internal import Scoring

/// Trains a model on logged attempts and writes its artifact.
///
/// Runs on the caller's thread and blocks it; libxgboost's own threads come on top. Never in the process that scores.
package struct Trainer {
    /// Fewer rows than this in a period measure nothing.
    private static let minimumRows = 50

    private let configuration: TrainingConfiguration

    /// Throws a `TrainingError` that names a configuration value out of its range.
    package init(_ configuration: TrainingConfiguration) throws {
        try configuration.validate()
        self.configuration = configuration
    }

    /// Survey, features, boosting, evaluation, artifact.
    ///
    /// Throws `AttemptLogError` for a data set it cannot read, `TrainingError`, `XGBoostError` or `ModelError` for the rest. No artifact
    /// is left behind by a run that throws.
    package func run(progress: @escaping (TrainingProgress) -> Void) throws -> TrainingReport {
        let artifact = try ModelArtifact(version: configuration.effectiveVersion, in: configuration.modelsPath)
        let surveying = ProgressClock(.surveying, progress)
        let survey = try AttemptSurvey(path: configuration.dataPath) { surveying($0, $1) }
        let split = try split(survey)
        let words = survey.vocabularies(before: split.validationFrom)
        let schema = try FeatureSchema(countries: words.countries, providers: words.providers)

        let reading = ProgressClock(.reading, progress)
        let rows = try SplitRows(path: configuration.dataPath, survey: survey, split: split, schema: schema) { reading($0, $1) }
        try check(rows)
        let trained = try train(rows, schema: schema, clock: ProgressClock(.boosting, progress))

        _ = ProgressClock(.finishing, progress)
        let model = try Forest(xgboost: trained.ubjson)
        let evaluation = Evaluation(probabilities: trained.testMargins.map { model.probability(margin: $0) }, labels: rows.test.labels)
        let prior = Evaluation(
            probabilities: Array(repeating: Float(rows.training.rate), count: rows.test.count), labels: rows.test.labels)
        let manifest = try manifest(survey, schema, trained.ubjson, evaluation, prior).json()
        try artifact.write([(Manifest.modelFileName, trained.ubjson), ("manifest.json", manifest)]) { contents in
            let written = try contents(Manifest.modelFileName)
            // Whatever a scorer would refuse must not be published.
            _ = try ScoringModel(manifest: contents("manifest.json"), model: written)
            try verify(Forest(xgboost: written), rows.test.features, trained.testMargins)
        }
        return TrainingReport(
            version: configuration.effectiveVersion, path: artifact.path, trainingRows: rows.training.count,
            validationRows: rows.validation.count, testRows: rows.test.count, pendingRows: survey.pendingCount,
            treeCount: model.treeCount, countryCount: words.countries.count, providerCount: words.providers.count,
            model: evaluation, prior: prior)
    }

    private func split(_ survey: AttemptSurvey) throws(TrainingError) -> TimeSplit {
        guard let split = survey.split(validationShare: configuration.validationShare, testShare: configuration.testShare) else {
            throw TrainingError(
                .insufficientData,
                "\(configuration.dataPath) has \(survey.maturedCount) rows with an outcome, too few or too close in time to divide")
        }
        return split
    }

    private func check(_ rows: SplitRows) throws(TrainingError) {
        for (name, part) in [("training", rows.training), ("validation", rows.validation), ("test", rows.test)] {
            guard part.count >= Self.minimumRows, part.rate > 0, part.rate < 1 else {
                throw TrainingError(
                    .insufficientData,
                    "the \(name) period has \(part.count) rows, but needs \(Self.minimumRows) or more, delivered and undelivered ones")
            }
        }
    }

    private func train(_ rows: SplitRows, schema: FeatureSchema, clock: ProgressClock) throws(XGBoostError) -> TrainedModel {
        try BoosterTraining(configuration, featureNames: schema.names).run(rows) { tree, loss in
            clock(tree, Double(tree) / Double(configuration.maximumTrees), validationLogLoss: loss)
        }
    }

    private func manifest(
        _ survey: AttemptSurvey, _ schema: FeatureSchema, _ model: [UInt8], _ evaluation: Evaluation, _ prior: Evaluation
    ) throws -> Manifest {
        guard let decisions = survey.decisions else { throw TrainingError(.insufficientData, "no row has an outcome") }
        return Manifest(
            modelVersion: configuration.effectiveVersion, createdAt: configuration.createdAt,
            parentVersion: configuration.parentVersion, schema: schema, policy: configuration.policy,
            metrics: evaluation.metrics, baselines: ["prior": prior.metrics],
            data: Manifest.TrainingData(
                source: URL(fileURLWithPath: configuration.dataPath).lastPathComponent, rowCount: survey.maturedCount,
                from: decisions.lowerBound, to: decisions.upperBound, sha256: survey.sha256),
            files: [Manifest.File(name: Manifest.modelFileName, contents: model)])
    }

    /// Requires the margins of the model as written to equal those of libxgboost, bit by bit.
    private func verify(_ forest: Forest, _ features: [Float], _ expected: [Float]) throws(TrainingError) {
        var margins = [Float](repeating: .nan, count: expected.count)
        var output = margins.mutableSpan
        forest.margins(of: features.span, into: &output)
        if let row = margins.indices.first(where: { margins[$0].bitPattern != expected[$0].bitPattern }) {
            throw TrainingError(
                .verification, "the margin of test row \(row) is \(margins[row]) as written, but \(expected[row]) as trained")
        }
    }
}

extension Evaluation {
    /// As the manifest names them.
    fileprivate var metrics: [String: Manifest.Metric] {
        [
            "auc": Manifest.Metric(auc), "base_rate": Manifest.Metric(baseRate), "brier": Manifest.Metric(brier),
            "ece": Manifest.Metric(calibrationError), "log_loss": Manifest.Metric(logLoss), "rows": Manifest.Metric(Double(rowCount)),
        ]
    }
}
