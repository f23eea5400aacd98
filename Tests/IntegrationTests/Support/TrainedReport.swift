import Foundation
import Scoring
import Training

/// The report of the small model that all tests share, everything in it measured.
enum TrainedReport {
    static func page() throws -> ReportPage {
        let trained = try TrainedModel.shared()
        let manifest = try Manifest(json: contents("\(trained.path)/manifest.json"))
        let ubjson = try contents("\(trained.path)/\(Manifest.modelFileName)")
        let tables = try FeatureRowTable.Part.allCases.map {
            try FeatureRowTable(manifest: manifest, model: ubjson, dataPath: trained.dataPath, part: $0)
        }
        guard let training = tables.first, let test = tables.last else { throw Failure("no parts") }
        let names = manifest.schema.names
        let probabilities = test.margins.map { Float(1 / (1 + exp(-Double($0)))) }
        var page = ReportPage(
            manifest: manifest, model: "10 trees",
            parts: zip(FeatureRowTable.Part.allCases, tables).map { part, table in
                ReportPage.Part(
                    name: part.rawValue, purpose: "rows of this period", rows: table.labels.count,
                    rate: Double(table.labels.reduce(0, +)) / Double(table.labels.count))
            }, pendingRows: 0, margins: test.margins, probabilities: probabilities, labels: test.labels, operatingThreshold: 0.45)
        page.importances = try FeatureImportances.measure(ubjson: ubjson, rows: test.features, names: names, seed: 1, threads: 1)
        page.learning = try LearningCurve.measure(
            training: LearningCurve.Rows(
                features: training.features, labels: training.labels, notifications: Array(training.labels.indices)),
            test: LearningCurve.Rows(features: test.features, labels: test.labels), columnCount: names.count, trees: 10, seed: 1,
            threads: 1,
            parameters: { rate in
                [
                    ("objective", "binary:logistic"), ("tree_method", "hist"), ("base_score", "\(rate)"), ("nthread", "1"),
                    ("disable_default_eval_metric", "1"), ("verbosity", "0"),
                ]
            })
        page.segments = [segments("Provider", "provider", manifest.schema, test, probabilities)]
        return page
    }

    /// The test rows by the words of a feature.
    private static func segments(
        _ dimension: String, _ feature: String, _ schema: FeatureSchema, _ table: FeatureRowTable, _ probabilities: [Float]
    ) -> ReportPage.SegmentGroup {
        guard let column = table.names.firstIndex(of: feature) else { return ReportPage.SegmentGroup(dimension: dimension, segments: []) }
        return ReportPage.SegmentGroup(
            dimension: dimension,
            segments: schema.providers.enumerated().compactMap { index, name in
                let rows = table.labels.indices.filter { table.features[$0 * table.names.count + column] == Float(index) }
                guard !rows.isEmpty else { return nil }
                let labels = rows.map { table.labels[$0] }
                let predicted = rows.map { probabilities[$0] }
                let measured = Evaluation(probabilities: predicted, labels: labels)
                let mean = predicted.reduce(0) { $0 + Double($1) } / Double(rows.count)
                let gap = mean - measured.baseRate
                return ReportPage.Segment(
                    name: name, rows: rows.count, rate: measured.baseRate, meanPrediction: mean, auc: measured.auc,
                    logLoss: measured.logLoss,
                    calibrationError: measured.calibrationError, gaps: abs(gap) > 0.05 ? ["mean prediction off by more than 5 points"] : [])
            })
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
