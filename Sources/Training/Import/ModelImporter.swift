internal import Forest
internal import Foundation
package import Scoring

/// Takes a model that was trained anywhere into an artifact: calibrated and measured here, by the code and on the rows that `Trainer` uses.
///
/// The data are divided by time as for training; a model that was trained on rows behind the training and validation periods would be
/// measured on what it knows, so an export says of each row which period it is of.
package struct ModelImporter {
    private let configuration: TrainingConfiguration
    private let modelPath: String
    private let schema: FeatureSchema
    private let assumesOrder: Bool

    /// - Parameters:
    ///   - configuration: data, periods, version and folder; what concerns boosting is not used.
    ///   - modelPath: XGBoost, JSON or UBJSON, or LightGBM, text.
    ///   - schema: what the model's columns mean.
    ///   - assumesOrder: whether features without names are taken to be the schema's, in its order.
    package init(_ configuration: TrainingConfiguration, modelPath: String, schema: FeatureSchema, assumesOrder: Bool) throws {
        try configuration.validate()
        self.configuration = configuration
        self.modelPath = modelPath
        self.schema = schema
        self.assumesOrder = assumesOrder
    }

    /// Check, survey, rows, calibration, evaluation, artifact.
    ///
    /// Throws `TrainingError`, `AttemptLogError`, `StoreError`, `XGBoostError` or `ModelError`; no artifact is left behind by a run that
    /// throws.
    package func run(progress: @escaping (TrainingProgress) -> Void) throws -> TrainingReport {
        let artifact = try ModelArtifact(version: configuration.effectiveVersion, in: configuration.modelsPath)
        let champion = try configuration.championPath.map { try Champion(path: $0) }
        let model = try foreignModel()

        let (survey, rows) = try read(progress)
        try model.verify(on: rows.test)
        let calibrating = ProgressClock(.calibrating, progress)
        let rate = rows.training.rate
        let prior = Float(log(rate / (1 - rate)))
        let contestants = try [
            ("model", model.forest.margins(of: rows.calibration), model.forest.margins(of: rows.test)),
            ("prior", [Float](repeating: prior, count: rows.calibration.count), [Float](repeating: prior, count: rows.test.count)),
        ].map { name, calibration, test in
            try Contestant(
                name, calibrationMargins: calibration, testMargins: test, calibratedOn: rows.calibration.evaluationRows,
                seed: configuration.seed)
        }
        calibrating(contestants.count, 1)

        let evaluating = ProgressClock(.evaluating, progress)
        let measurement = TestMeasurement(
            contestants[0].testProbabilities, baselines: contestants.dropFirst().map { ($0.name, $0.testProbabilities) },
            champion: try champion?.probabilities(of: rows.test, schema: schema), truth: nil, on: rows.test.evaluationRows,
            segmentations: try Segmentation.all(of: rows.test, schema: schema),
            threshold: OperatingThreshold.maximisingF1(
                probabilities: contestants[0].calibrationProbabilities, labels: rows.calibration.labels),
            bootstrap: ClusterBootstrap(resamples: configuration.resamples, seed: UInt64(configuration.seed))
        ) { evaluating($0, Double($0) / Double(configuration.resamples)) }

        _ = ProgressClock(.finishing, progress)
        let manifest = try manifest(model, survey, rows, contestants, measurement)
        try artifact.write([(model.fileName, model.bytes), ("manifest.json", manifest.json())]) { contents in
            // Whatever a scorer would refuse must not be published.
            _ = try ScoringModel(manifest: contents("manifest.json"), model: contents(model.fileName))
        }
        return TrainingReport(
            version: configuration.effectiveVersion, path: artifact.path, manifest: manifest, pendingRows: survey.pendingCount,
            leftOut: survey.leftOut, measurement: measurement,
            test: TrainingReport.TestPeriod(
                rows: rows.test.evaluationRows, probabilities: contestants.map { ($0.name, $0.testProbabilities) }))
    }

    private func foreignModel() throws -> ForeignModel {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: modelPath)))
        } catch {
            throw TrainingError(.unusableModel, "\(modelPath) cannot be read: \(error.localizedDescription)")
        }
        return try ForeignModel(bytes, name: modelPath, schema: schema, assumesOrder: assumesOrder, threads: configuration.threads)
    }

    private func read(_ progress: @escaping (TrainingProgress) -> Void) throws -> (AttemptSurvey, SplitRows) {
        let surveying = ProgressClock(.surveying, progress)
        let survey = try AttemptSurvey(configuration.source) { surveying($0, $1) }
        let split = try Trainer.split(survey, configuration)
        let reading = ProgressClock(.reading, progress)
        let rows = try SplitRows(configuration.source, survey: survey, split: split, schema: schema) { reading($0, $1) }
        try Trainer.check(rows)
        return (survey, rows)
    }

    private func manifest(
        _ model: ForeignModel, _ survey: AttemptSurvey, _ rows: SplitRows, _ contestants: [Contestant], _ measurement: TestMeasurement
    ) throws -> Manifest {
        guard let decisions = survey.decisions else { throw TrainingError(.insufficientData, "no row has an outcome") }
        var assessment = measurement.assessment(of: contestants)
        assessment.diagrams = Manifest.Assessment.Diagrams(
            probabilities: contestants[0].testProbabilities, labels: rows.test.labels, importances: nil)
        return Manifest(
            modelVersion: configuration.effectiveVersion, createdAt: configuration.createdAt,
            parentVersion: configuration.parentVersion, schema: schema, calibration: contestants[0].calibration,
            policy: configuration.policy, metrics: measurement.metrics,
            baselines: Dictionary(uniqueKeysWithValues: measurement.baselines.map { ($0.name, $0.evaluation.metrics) }),
            data: Manifest.TrainingData(
                source: configuration.source.name, rowCount: survey.maturedCount, from: decisions.lowerBound, to: decisions.upperBound,
                sha256: survey.sha256),
            assessment: assessment,
            reference: Manifest.DriftReference(
                features: Histograms.features(of: rows.training, schema: schema),
                probability: Histograms.numeric(contestants[0].testProbabilities)),
            files: [Manifest.File(name: model.fileName, contents: model.bytes)])
    }
}
