import Forest
import Foundation
import Scoring
import Store
import Testing
import Training

/// Models that XGBoost and LightGBM have trained in Python on an export (scripts/fixtures/import.py) become artifacts.
@Suite struct ModelImporterTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path

    private func importer(
        _ source: AttemptSource, _ scratch: Scratch, _ path: String, version: String, schema: FeatureSchema, assumesOrder: Bool = false
    ) throws -> ModelImporter {
        var configuration = TrainingConfiguration(
            source: source, modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
        configuration.version = version
        configuration.resamples = 40
        return try ModelImporter(configuration, modelPath: path, schema: schema, assumesOrder: assumesOrder)
    }

    /// The schema that the fixtures were trained with: that of an export without a model.
    ///
    /// `HERALD_TEST_EXPORT` names a folder where the export is kept, to make the fixtures of.
    private func exportedSchema(_ log: DecisionLog, _ scratch: Scratch) throws -> FeatureSchema {
        let folder = ProcessInfo.processInfo.environment["HERALD_TEST_EXPORT"] ?? "\(scratch.path)/export"
        _ = try DecisionExport(log, schema: nil, partitionRows: 1_000_000).run(to: folder) { _, _ in }
        return try JSONDecoder().decode(FeatureSchema.self, from: Data(contentsOf: URL(filePath: "\(folder)/schema.json")))
    }

    @Test func modelsTrainedInPythonAreCalibratedAndMeasuredHere() throws {
        let scratch = try Scratch()
        var served = try ServedWorld.shared()
        try withDatabase("import") { database in
            try served.log(to: database)
            let log = try DecisionLog(database)
            let schema = try exportedSchema(log, scratch)
            let files = [
                ("xgboost.ubj", "model.ubj"), ("xgboost.json", "model.ubj"), ("xgboost-unnamed.ubj", "model.ubj"),
                ("lightgbm.txt", "model.txt"), ("lightgbm-unnamed.txt", "model.txt"),
            ]
            var losses: [String: Double] = [:]
            for (index, (file, stored)) in files.enumerated() {
                let version = "v\(index)"
                let report = try importer(
                    .decisions(log), scratch, "\(Self.fixtures)/\(file)", version: version, schema: schema,
                    assumesOrder: file.contains("unnamed")
                ).run { _ in }
                #expect(try scratch.entries("models/\(version)") == ["manifest.json", stored].sorted())
                #expect(report.manifest.training == nil)
                #expect(report.manifest.data.rowCount > 10_000)
                let diagrams = try #require(report.manifest.assessment?.diagrams)
                #expect(!diagrams.reliability.isEmpty && diagrams.roc.count > 2 && diagrams.precisionRecall.count > 2)
                #expect(diagrams.importances.isEmpty, "there is no booster to ask")
                let prior = try #require(report.measurement.baselines.first?.evaluation.evaluation)
                #expect(report.measurement.model.evaluation.logLoss < prior.logLoss - 0.02, "\(file)")
                #expect(report.measurement.model.evaluation.calibrationError < 0.06)
                losses[file] = report.measurement.model.evaluation.logLoss

                // What a scorer loads computes the margins of the file that was given, bit by bit.
                let artifact = try ArtifactFolder("\(scratch.path)/models/\(version)").load()
                let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(Self.fixtures)/\(file)")))
                let given = try file.hasSuffix("txt") ? Forest(lightGBM: bytes) : Forest(xgboost: bytes)
                let rows = served.records.flatMap(\.decision.features)
                var own = [Float](repeating: 0, count: rows.count / schema.featureCount)
                var expected = own
                var ownSpan = own.mutableSpan
                artifact.margins(of: rows.span, into: &ownSpan)
                var expectedSpan = expected.mutableSpan
                given.margins(of: rows.span, into: &expectedSpan)
                #expect(own.count > 10_000)
                #expect(own.map(\.bitPattern) == expected.map(\.bitPattern))
            }
            #expect(losses["xgboost.ubj"] == losses["xgboost.json"])
        }
    }

    @Test func whatDoesNotFitTheSchemaIsRefusedBeforeAnythingIsRead() throws {
        let scratch = try Scratch()
        let schema = try #require(try ServedWorld.shared().scorer.schema)
        func message(_ bytes: [UInt8], assumesOrder: Bool = false) throws -> String {
            let path = "\(scratch.path)/given"
            try Data(bytes).write(to: URL(filePath: path))
            let importer = try importer(.files(["/nonexistent"]), scratch, path, version: "v", schema: schema, assumesOrder: assumesOrder)
            let error = #expect(throws: TrainingError.self) { try importer.run { _ in } }
            #expect(error?.code == .unusableModel)
            return error?.message ?? ""
        }
        func fixture(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: "\(Self.fixtures)/\(name)"))) }
        func replacing(_ old: String, with new: String) throws -> [UInt8] {
            Array(String(decoding: try fixture("lightgbm.txt"), as: UTF8.self).replacing(old, with: new).utf8)
        }
        #expect(try message(Array("nothing".utf8)).contains("is no model that can be read"))
        #expect(try message(fixture("xgboost.ubj").dropLast(100)).contains("is no model that can be read"))
        #expect(try message(fixture("xgboost-unnamed.ubj")).contains("--assume-schema-order"))
        #expect(try message(fixture("lightgbm-unnamed.txt")).contains("--assume-schema-order"))
        let swapped = try message(replacing("feature_names=channel provider ", with: "feature_names=provider channel "))
        #expect(swapped.contains("feature 1 of") && swapped.contains("is 'provider', but the schema's is 'channel'"))
        // Names that are wrong are not made right by the flag.
        #expect(
            try message(replacing("feature_names=channel provider ", with: "feature_names=provider channel "), assumesOrder: true)
                .contains("is 'provider'"))
        #expect(try message(replacing("objective=binary sigmoid:1", with: "objective=regression")).contains("was trained for 'regression'"))
        #expect(try message(Array("tree\n".utf8)).contains("is no model"))
        #expect(try scratch.entries("") == ["given"])
    }
}
