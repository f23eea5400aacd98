import Forest
import Foundation
import Scoring
import Testing
import Training

@Suite struct ExplanationTests {
    /// A small model that was really trained, and the rows it was measured on.
    private struct Trained {
        let model: [UInt8]
        let table: FeatureRowTable
        let treeCount: Int
    }

    private static func trained() throws -> Trained {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 8000))
        var configuration = TrainingConfiguration(
            dataPaths: [data], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
        configuration.version = "v1"
        let report = try Trainer(configuration).run { _ in }
        let model = try scratch.contents("models/v1/model.ubj")
        let manifest = try Manifest(json: scratch.contents("models/v1/manifest.json"))
        let table = try FeatureRowTable(manifest: manifest, model: model, dataPaths: [data], part: .test)
        return Trained(model: model, table: table, treeCount: report.manifest.training?.trees ?? 0)
    }

    @Test func contributionsAddUpToTheMargin() throws {
        let trained = try Self.trained()
        let table = trained.table
        let contributions = try Contributions(
            ubjson: trained.model, rows: table.features, columnCount: table.names.count, threads: 1)
        #expect(contributions.rowCount == table.labels.count)
        for row in 0..<contributions.rowCount {
            #expect(abs(contributions.margin(row: row) - Double(table.margins[row])) < 1e-4)
        }
        // Not by all standing in one place.
        let used = table.names.indices.filter { contributions.meanAbsolute($0) > 0 }
        #expect(used.count >= 4)
    }

    /// The product's own attributions against libxgboost's, which sums in single precision: `pred_contribs` and `approx_contribs`.
    @Test(arguments: ForestExplainer.Method.allCases) func theEngineExplainsAsTheLibraryDoes(method: ForestExplainer.Method) throws {
        let trained = try Self.trained()
        let table = trained.table
        let count = table.names.count
        let library = try Contributions(
            ubjson: trained.model, rows: table.features, columnCount: count, threads: 1, isExact: method == .treeSHAP)
        let explainer = ForestExplainer(try Forest(xgboost: trained.model), method: method)
        #expect(explainer.method == method)
        var largest = 0.0
        for row in 0..<min(500, library.rowCount) {
            let values = Array(table.features[row * count..<(row + 1) * count])
            let contributions = explainer.contributions(to: values.span)
            for feature in 0..<count {
                let theirs = Double(library.value(row: row, feature: feature))
                #expect(abs(contributions[feature] - theirs) < 1e-4, "\(table.names[feature]) of row \(row)")
                largest = max(largest, abs(theirs))
            }
            #expect(abs(explainer.base - Double(library.value(row: row, feature: count))) < 1e-4)
        }
        #expect(largest > 0.1)
    }

    @Test func learningCurveEndsWithTheModelThatIsThere() throws {
        let trained = try Self.trained()
        let table = trained.table
        let rows = LearningCurve.Rows(features: table.features, labels: table.labels, notifications: Array(table.labels.indices))
        func curve(_ whole: [UInt8]?) throws -> LearningCurve {
            try LearningCurve.measure(
                training: rows, test: rows, columnCount: table.names.count, trees: 3, whole: whole, seed: 1, threads: 1
            ) { _ in [("objective", "binary:logistic"), ("tree_method", "hist"), ("nthread", "1"), ("verbosity", "0")] }
        }
        let (grown, given) = (try curve(nil), try curve(trained.model))
        #expect(given.points.dropLast() == grown.points.dropLast())
        let last = try #require(given.points.last)
        #expect(last.share == 1 && last.trainingRows == rows.labels.count)
        let losses = zip(table.margins, table.labels).map { log1p(exp(-Double($0) * ($1 == 1 ? 1 : -1))) }
        #expect(abs(last.logLoss - losses.reduce(0, +) / Double(losses.count)) < 1e-6)
        #expect(last.logLoss != grown.points.last?.logLoss)
    }

    @Test func importancesAreThoseOfTheWorld() throws {
        let trained = try Self.trained()
        let table = trained.table
        let importances = try FeatureImportances.measure(
            ubjson: trained.model, rows: table.features, names: table.names, seed: 1, threads: 1)
        #expect(importances.sampledRows == min(table.labels.count, 2000))
        #expect(!importances.isApproximate)
        #expect(Set(importances.features.map(\.name)) == Set(table.names))
        #expect(abs(importances.features.map(\.gainShare).reduce(0, +) - 1) < 1e-9)
        let sizes = importances.features.map(\.meanAbsoluteContribution)
        #expect(sizes == sizes.sorted(by: >))
        // What the made-up log is made of comes first, what says nothing far behind.
        let first = try #require(importances.features.first)
        #expect(first.name.contains("provider") || first.name.contains("country"))
        func feature(_ name: String) throws -> FeatureImportances.Feature {
            try #require(importances.features.first { $0.name == name })
        }
        #expect(try first.gainShare > 5 * feature("payload_size").gainShare)
        #expect(try first.meanAbsoluteContribution > 5 * feature("payload_size").meanAbsoluteContribution)
        #expect(try feature("channel") == FeatureImportances.Feature(name: "channel", gainShare: 0, meanAbsoluteContribution: 0))
        let again = try FeatureImportances.measure(ubjson: trained.model, rows: table.features, names: table.names, seed: 1, threads: 1)
        #expect(again == importances)
    }

    @Test func aLargeTableIsSampledByTheSeed() throws {
        let trained = try Self.trained()
        let names = trained.table.names
        let rows = (0..<3).flatMap { _ in trained.table.features }
        let all = rows.count / names.count
        try #require(all > 2000)
        let measured = try [1, 1, 2].map { seed in
            try FeatureImportances.measure(ubjson: trained.model, rows: rows, names: names, seed: seed, threads: 1)
        }
        #expect(measured[0].sampledRows == 2000)
        #expect(measured[0] == measured[1])
        #expect(measured[0] != measured[2])
        #expect(abs(measured[0].features[0].meanAbsoluteContribution - measured[2].features[0].meanAbsoluteContribution) < 0.05)
    }

    @Test func aBrokenModelIsAnError() {
        #expect(throws: XGBoostError.self) {
            try FeatureImportances.measure(ubjson: Array("{\"no\":1}".utf8), rows: [1], names: ["a"], seed: 1, threads: 1)
        }
    }
}
