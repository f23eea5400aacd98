import Forest
import Foundation
import Scoring
import Testing
import Training

@Suite struct FeatureRowTableTests {
    private struct Artifact {
        let scratch: Scratch
        let data: String
        let manifest: Manifest
        let model: [UInt8]

        init() throws {
            scratch = try Scratch()
            data = try scratch.write(SyntheticLog(notifications: 2000, pending: 5))
            var configuration = TrainingConfiguration(
                dataPaths: [data], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
            configuration.version = "v1"
            _ = try Trainer(configuration).run { _ in }
            manifest = try Manifest(json: scratch.contents("models/v1/manifest.json"))
            model = try scratch.contents("models/v1/model.ubj")
        }
    }

    @Test func theRowsAreThoseTheModelWasMeasuredOn() throws {
        let artifact = try Artifact()
        let table = try FeatureRowTable(manifest: artifact.manifest, model: artifact.model, dataPaths: [artifact.data], part: .test)
        #expect(Double(table.labels.count) == artifact.manifest.metrics["rows"]?.value)
        let model = try Forest(xgboost: artifact.model)
        let evaluation = ProbabilityEvaluation(probabilities: table.margins.map { model.probability(margin: $0) }, labels: table.labels)
        // Calibration never changes the order.
        #expect(abs(evaluation.auc - (artifact.manifest.metrics["auc"]?.value ?? 0)) < 2e-3)
        let counts = try FeatureRowTable.Part.allCases.map {
            try FeatureRowTable(manifest: artifact.manifest, model: artifact.model, dataPaths: [artifact.data], part: $0).labels.count
        }
        #expect(counts.reduce(0, +) == artifact.manifest.data.rowCount)
    }

    @Test func theTextHasEveryBit() throws {
        let artifact = try Artifact()
        let table = try FeatureRowTable(manifest: artifact.manifest, model: artifact.model, dataPaths: [artifact.data], part: .test)
        var bytes: [UInt8] = []
        try table.write { bytes += $0 }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == (artifact.manifest.schema.names + ["label", "margin"]).joined(separator: ",")[...])
        #expect(lines.last == "" && lines.count == table.labels.count + 2)
        var missing = 0
        for (row, line) in lines.dropFirst().dropLast().enumerated() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            try #require(fields.count == table.names.count + 2)
            for (column, field) in fields.prefix(table.names.count).enumerated() {
                let value = table.features[row * table.names.count + column]
                if field.isEmpty { missing += 1 }
                #expect(field.isEmpty ? value.isNaN : Float(field)?.bitPattern == value.bitPattern)
            }
            #expect(Float(fields[table.names.count]) == table.labels[row])
            #expect(Float(fields[table.names.count + 1])?.bitPattern == table.margins[row].bitPattern)
        }
        #expect(missing > 0)
    }

    @Test func anotherDataSetIsRefused() throws {
        let artifact = try Artifact()
        let other = try artifact.scratch.write(SyntheticLog(notifications: 2000, seed: 2))
        let error = #expect(throws: TrainingError.self) {
            try FeatureRowTable(manifest: artifact.manifest, model: artifact.model, dataPaths: [other], part: .test)
        }
        #expect(error?.message.contains(other) == true)
        #expect(error?.message.contains(artifact.manifest.data.sha256) == true)
    }

    @Test func aModelOfAnotherArtifactIsRefused() throws {
        let artifact = try Artifact()
        #expect(throws: ModelError.self) {
            try FeatureRowTable(
                manifest: artifact.manifest, model: Array(artifact.model.dropLast()), dataPaths: [artifact.data], part: .test)
        }
    }
}
