internal import Forest
internal import Foundation
internal import Scoring

/// Trains a model on logged attempts and writes its artifact.
///
/// Runs on the caller's thread and blocks it; libxgboost's own threads come on top. Never in the process that scores.
package struct Trainer {
    /// Fewer rows than this in a period measure nothing.
    private static let minimumRows = 50
    /// The file of an artifact that people read.
    private static let reportFileName = "report.html"

    private let configuration: TrainingConfiguration

    /// Throws a `TrainingError` that names a configuration value out of its range.
    package init(_ configuration: TrainingConfiguration) throws {
        try configuration.validate()
        self.configuration = configuration
    }

    /// Survey, split, rows, search, boosting, calibration, evaluation, artifact.
    ///
    /// Throws `AttemptLogError` for a data set it cannot read, `TrainingError`, `XGBoostError` or `ModelError` for the rest. No artifact
    /// is left behind by a run that throws.
    package func run(progress: @escaping (TrainingProgress) -> Void) throws -> TrainingReport {
        let artifact = try ModelArtifact(version: configuration.effectiveVersion, in: configuration.modelsPath)
        let champion = try configuration.championPath.map { try Champion(path: $0) }

        let surveying = ProgressClock(.surveying, progress)
        let survey = try AttemptSurvey(configuration.source) { surveying($0, $1) }
        let split = try Self.split(survey, configuration)
        let words = survey.vocabularies(before: split.validationFrom)
        let schema = try FeatureSchema(countries: words.countries, providers: words.providers)

        let reading = ProgressClock(.reading, progress)
        let rows = try SplitRows(
            configuration.source, survey: survey, split: split, schema: schema,
            extras: SplitRows.Extras(jobs: configuration.truthPath != nil, returns: configuration.learnsFromReturns)
        ) { reading($0, $1) }
        try Self.check(rows)
        let truth = try truth(of: rows)

        let training = try BoosterTraining(
            configuration, featureNames: schema.names, training: rows.training, validation: rows.validation)
        let boosted = try boost(training, progress)
        let model = try Forest(xgboost: boosted.model.ubjson)
        let comparing = ProgressClock(.comparing, progress)
        let baselines = try Baselines(rows, configuration: configuration, schema: schema, training: training) { comparing(0, $0) }

        let calibrating = ProgressClock(.calibrating, progress)
        let contestants = try calibrate(
            [("model", model.margins(of: rows.calibration), model.margins(of: rows.test))] + baselines.margins, rows, calibrating)
        let measurement = try measure(contestants, rows, schema, champion: champion, truth: truth, ProgressClock(.evaluating, progress))

        var manifest = try manifest(survey, rows, schema, boosted, contestants, measurement)
        let explanation = try explain(boosted, training, rows, schema, ProgressClock(.explaining, progress))
        manifest.assessment?.diagrams = Manifest.Assessment.Diagrams(
            probabilities: contestants[0].testProbabilities, labels: rows.test.labels, importances: explanation.importances)
        let report = ReportPage(
            manifest: manifest, measurement: measurement, split: split, pendingRows: survey.pendingCount,
            margins: model.margins(of: rows.test),
            probabilities: contestants[0].testProbabilities, labels: rows.test.labels, explanation: explanation)
        let page = Array(report.html().utf8)
        manifest.files.append(Manifest.File(name: Self.reportFileName, contents: page))

        _ = ProgressClock(.finishing, progress)
        let files = try [(Manifest.modelFileName, boosted.model.ubjson), (Self.reportFileName, page), ("manifest.json", manifest.json())]
        try artifact.write(files) { contents in
            let written = try contents(Manifest.modelFileName)
            // Whatever a scorer would refuse must not be published.
            _ = try ScoringModel(manifest: contents("manifest.json"), model: written)
            try verify(written, rows.test, schema)
        }
        return TrainingReport(
            version: configuration.effectiveVersion, path: artifact.path, manifest: manifest, pendingRows: survey.pendingCount,
            leftOut: survey.leftOut, measurement: measurement,
            test: TrainingReport.TestPeriod(
                rows: rows.test.evaluationRows, probabilities: contestants.map { ($0.name, $0.testProbabilities) }))
    }

    /// The four periods; throws `insufficientData` where there are none.
    static func split(_ survey: AttemptSurvey, _ configuration: TrainingConfiguration) throws(TrainingError) -> TimeSplit {
        let split = survey.split(
            validationShare: configuration.validationShare, calibrationShare: configuration.calibrationShare,
            testShare: configuration.testShare)
        guard let split else {
            throw TrainingError(
                .insufficientData,
                "\(configuration.source) has \(survey.maturedCount) rows with an outcome, too few or too close in time to divide")
        }
        return split
    }

    /// Throws `insufficientData` for a period that measures nothing.
    static func check(_ rows: SplitRows) throws(TrainingError) {
        for (name, part) in rows.periods {
            guard part.count >= minimumRows, part.rate > 0, part.rate < 1 else {
                throw TrainingError(
                    .insufficientData,
                    "the \(name) period has \(part.count) rows, but needs \(minimumRows) or more, delivered and undelivered ones")
            }
        }
    }

    private func truth(of rows: SplitRows) throws(AttemptLogError) -> [Float]? {
        guard let path = configuration.truthPath, let jobs = rows.jobs else { return nil }
        return try TrueProbabilities.read(path: path, jobs: jobs)
    }

    /// What boosting came to.
    private struct Boosted {
        var parameters: BoostingParameters
        var model: BoostedModel
        var trials: [Manifest.TrainingRun.Trial] = []
    }

    /// With the configured parameters, or the best that the search finds.
    private func boost(_ training: borrowing BoosterTraining, _ progress: @escaping (TrainingProgress) -> Void) throws -> Boosted {
        guard configuration.tuningTrials > 0 else {
            let clock = ProgressClock(.boosting, progress)
            let model = try training.boost(configuration.boosting) { tree, loss in
                clock(tree, Double(tree) / Double(configuration.maximumTrees), validationLogLoss: loss)
            }
            return Boosted(parameters: configuration.boosting, model: model)
        }
        let clock = ProgressClock(.tuning, progress)
        let search = TuningSearch(trialCount: configuration.tuningTrials, seed: UInt64(configuration.seed))
        let found = try search.run(from: configuration.boosting, maximumTrees: configuration.maximumTrees, on: training) {
            clock($0, $1, validationLogLoss: $2)
        }
        return Boosted(parameters: found.parameters, model: found.model, trials: found.trials)
    }

    private func calibrate(
        _ margins: [(name: String, calibration: [Float], test: [Float])], _ rows: SplitRows, _ clock: ProgressClock
    ) throws -> [Contestant] {
        let calibrationRows = rows.calibration.evaluationRows
        return try margins.enumerated().map { index, margins in
            clock(index, Double(index) / Double(4))
            return try Contestant(
                margins.name, calibrationMargins: margins.calibration, testMargins: margins.test, calibratedOn: calibrationRows,
                seed: configuration.seed)
        }
    }

    private func measure(
        _ contestants: [Contestant], _ rows: SplitRows, _ schema: FeatureSchema, champion: Champion?, truth: [Float]?,
        _ clock: ProgressClock
    ) throws -> TestMeasurement {
        let model = contestants[0]
        return TestMeasurement(
            model.testProbabilities, baselines: contestants.dropFirst().map { ($0.name, $0.testProbabilities) },
            champion: try champion?.probabilities(of: rows.test, schema: schema), truth: truth, on: rows.test.evaluationRows,
            segmentations: try Segmentation.all(of: rows.test, schema: schema),
            threshold: OperatingThreshold.maximisingF1(
                probabilities: model.calibrationProbabilities, labels: rows.calibration.labels),
            bootstrap: ClusterBootstrap(resamples: configuration.resamples, seed: UInt64(configuration.seed))
        ) { clock($0, Double($0) / Double(configuration.resamples)) }
    }

    private func manifest(
        _ survey: AttemptSurvey, _ rows: SplitRows, _ schema: FeatureSchema, _ boosted: Boosted, _ contestants: [Contestant],
        _ measurement: TestMeasurement
    ) throws -> Manifest {
        guard let decisions = survey.decisions else { throw TrainingError(.insufficientData, "no row has an outcome") }
        return Manifest(
            modelVersion: configuration.effectiveVersion, createdAt: configuration.createdAt,
            parentVersion: configuration.parentVersion, schema: schema, calibration: contestants[0].calibration,
            policy: configuration.policy, metrics: measurement.metrics,
            baselines: Dictionary(uniqueKeysWithValues: measurement.baselines.map { ($0.name, $0.evaluation.metrics) }),
            data: Manifest.TrainingData(
                source: configuration.source.name, rowCount: survey.maturedCount,
                from: decisions.lowerBound, to: decisions.upperBound, sha256: survey.sha256),
            training: Manifest.TrainingRun(
                library: BoosterTraining.library,
                parameters: boosted.parameters.values.merging(
                    ["max_bin": Double(configuration.maximumBins), "maximum_trees": Double(configuration.maximumTrees)],
                    uniquingKeysWith: { $1 }),
                monotone: configuration.monotone, trees: boosted.model.treeCount, seed: configuration.seed, threads: configuration.threads,
                periods: rows.periods.map { $0.rows.period($0.name) }, tuning: boosted.trials),
            assessment: measurement.assessment(of: contestants),
            reference: Manifest.DriftReference(
                features: Histograms.features(of: rows.training, schema: schema),
                probability: Histograms.numeric(contestants[0].testProbabilities)),
            files: [Manifest.File(name: Manifest.modelFileName, contents: boosted.model.ubjson)])
    }

    /// Importances on the test rows, and how the losses came down by trees and by training rows.
    private func explain(
        _ boosted: Boosted, _ training: borrowing BoosterTraining, _ rows: SplitRows, _ schema: FeatureSchema, _ clock: ProgressClock
    ) throws -> ReportPage.Explanation {
        let (seed, threads) = (UInt64(configuration.seed), configuration.threads)
        let importances = try FeatureImportances.measure(
            ubjson: boosted.model.ubjson, rows: rows.test.features, names: schema.names, seed: seed, threads: threads)
        let boosting = try BoostingCurve.measure(
            ubjson: boosted.model.ubjson, treeCount: boosted.model.treeCount, training: rows.training, validation: rows.validation,
            columnCount: schema.featureCount, seed: seed, threads: threads)
        let learning = try LearningCurve.measure(
            training: LearningCurve.Rows(
                features: rows.training.features, labels: rows.training.labels, notifications: rows.training.notifications),
            test: LearningCurve.Rows(features: rows.test.features, labels: rows.test.labels), columnCount: schema.featureCount,
            trees: boosted.model.treeCount, maximumBins: configuration.maximumBins, whole: boosted.model.ubjson, seed: seed,
            threads: threads,
            parameters: { training.arguments(rate: $0) + boosted.parameters.arguments },
            progress: { clock(Int((100 * $0).rounded()), $0) })
        return ReportPage.Explanation(importances: importances, learning: learning, boosting: boosting)
    }

    /// Requires the margins of the model as written to equal those of libxgboost, bit by bit.
    private func verify(_ written: [UInt8], _ rows: LabelledRows, _ schema: FeatureSchema) throws {
        let booster = try Booster.loaded(ubjson: written, threads: configuration.threads)
        let expected = try booster.margins(
            of: DMatrix.copying(rows, columnCount: schema.featureCount, threads: configuration.threads))
        let margins = try Forest(xgboost: written).margins(of: rows)
        if let row = margins.indices.first(where: { margins[$0].bitPattern != expected[$0].bitPattern }) {
            throw TrainingError(
                .verification, "the margin of test row \(row) is \(margins[row]) as written, but \(expected[row]) as trained")
        }
    }
}
