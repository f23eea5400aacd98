import Forest
import Foundation
import Scoring
import Testing
import Training

@Suite struct TrainerTests {
    private func configuration(_ scratch: Scratch, _ dataPath: String, version: String? = nil) -> TrainingConfiguration {
        var configuration = TrainingConfiguration(
            dataPaths: [dataPath], modelsPath: "\(scratch.path)/models",
            createdAt: Timestamp(rfc3339: "2026-03-04T05:06:07Z") ?? Timestamp(milliseconds: 0), threads: 1)
        configuration.version = version
        return configuration
    }

    @Test func writesAnArtifactThatScoresBetterThanThePrior() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 6000, pending: 25))
        let report = try Trainer(configuration(scratch, data)).run { _ in }

        #expect(report.version == "20260304-050607")
        #expect(try scratch.entries("models") == ["20260304-050607"])
        #expect(try scratch.entries("models/20260304-050607") == ["manifest.json", "model.ubj", "report.html"])
        #expect(report.pendingRows == 25)
        let training = try #require(report.manifest.training)
        #expect(training.trees >= 5 && training.trees <= 120)
        #expect(training.periods.map(\.name) == ["training", "validation", "calibration", "test"])
        #expect(training.library.hasPrefix("xgboost "))
        let model = report.measurement.model.evaluation
        let prior = try #require(report.measurement.baselines.first { $0.name == "prior" }?.evaluation.evaluation)
        #expect(model.rowCount == training.periods.last?.rows)
        #expect(model.logLoss < prior.logLoss - 0.05)
        #expect(model.brier < prior.brier)
        #expect(model.auc > 0.7)
        #expect(prior.auc == 0.5)
        #expect(model.calibrationError < 0.06)

        let manifestBytes = try scratch.contents("models/\(report.version)/manifest.json")
        let modelBytes = try scratch.contents("models/\(report.version)/model.ubj")
        let manifest = try Manifest(json: manifestBytes)
        #expect(manifest == report.manifest)
        #expect(manifest.metrics["log_loss"]?.value == model.logLoss)
        #expect(manifest.baselines["prior"]?["log_loss"]?.value == prior.logLoss)
        #expect(manifest.data.rowCount == training.periods.reduce(0) { $0 + $1.rows })
        #expect(manifest.data.sha256 == Checksum.sha256(try scratch.contents("attempts.csv")))
        #expect(manifest.data.source == "attempts.csv")
        let loaded = try ScoringModel(manifest: manifestBytes, model: modelBytes)
        #expect(loaded.version == report.version)
        #expect(loaded.schema.providers == ["alpha", "beta", "gamma"])
        #expect(loaded.schema.countries == ["BR", "DE", "FR", "NG", "US"])
        #expect(try Forest(xgboost: modelBytes).treeCount == training.trees)
    }

    @Test func sameDataAndSeedGiveTheSameArtifact() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 3000))
        for folder in ["first", "second"] {
            var parallel = configuration(scratch, data, version: "v1")
            parallel.modelsPath = "\(scratch.path)/\(folder)"
            parallel.threads = 2
            _ = try Trainer(parallel).run { _ in }
        }
        for file in ["model.ubj", "manifest.json", "report.html"] {
            #expect(try scratch.contents("first/v1/\(file)") == scratch.contents("second/v1/\(file)"))
        }
    }

    @Test func wordsOfLaterPeriodsAreNotInTheVocabulary() throws {
        let scratch = try Scratch()
        var log = SyntheticLog(notifications: 2000)
        try log.set("provider", line: log.lines.count, to: "newcomer")
        try log.set("recipient_country", line: log.lines.count, to: "IS")
        let report = try Trainer(configuration(scratch, scratch.write(log))).run { _ in }
        let manifest = try Manifest(json: scratch.contents("models/\(report.version)/manifest.json"))
        #expect(manifest.schema.providers == ["alpha", "beta", "gamma"])
        #expect(!manifest.schema.countries.contains("IS"))
    }

    @Test func progressCoversAllPhasesInOrder() throws {
        let scratch = try Scratch()
        var phases: [TrainingProgress.Phase] = []
        var losses: [Double] = []
        let data = try scratch.write(SyntheticLog(notifications: 6000))
        let report = try Trainer(configuration(scratch, data)).run { progress in
            if phases.last != progress.phase { phases.append(progress.phase) }
            #expect(progress.share >= 0 && progress.share <= 1)
            #expect((progress.remaining == nil) == (progress.share == 0))
            if let loss = progress.validationLogLoss { losses.append(loss) }
        }
        #expect(phases == [.surveying, .reading, .boosting, .comparing, .calibrating, .evaluating, .explaining, .finishing])
        // The trees that are kept end with the lowest loss.
        let least = try #require(losses.min())
        let trees = try #require(report.manifest.training?.trees)
        #expect(losses.firstIndex(of: least) == trees - 1)
        #expect(losses.count <= trees + 10)
    }

    @Test func aVersionIsNeverOverwritten() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 1000))
        _ = try Trainer(configuration(scratch, data, version: "v1")).run { _ in }
        let before = try scratch.contents("models/v1/manifest.json")
        let error = #expect(throws: TrainingError.self) { try Trainer(configuration(scratch, data, version: "v1")).run { _ in } }
        #expect(error?.code == .versionExists)
        #expect(try scratch.contents("models/v1/manifest.json") == before)
    }

    @Test func aFailedRunLeavesNothingBehind() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 1000))
        let trainer = try Trainer(configuration(scratch, data, version: "v1"))
        let error = #expect(throws: TrainingError.self) {
            try trainer.run { progress in
                guard progress.phase == .finishing else { return }
                // Another run is quicker.
                try? FileManager.default.createDirectory(atPath: "\(scratch.path)/models/v1/other", withIntermediateDirectories: true)
            }
        }
        #expect(error?.code == .unwritable)
        #expect(try scratch.entries("models") == ["v1"])
        #expect(try scratch.entries("models/v1") == ["other"])
    }

    @Test func anUnwritableFolderIsNamed() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 1000))
        var blocked = configuration(scratch, data)
        // A file where the folder should be.
        blocked.modelsPath = data
        let error = #expect(throws: TrainingError.self) { try Trainer(blocked).run { _ in } }
        #expect(error?.code == .unwritable)
        #expect(error?.message.contains(data) == true)
    }

    @Test(arguments: [0, 20])
    func tooFewRowsAreRefused(notifications: Int) throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: notifications))
        let error = #expect(throws: TrainingError.self) { try Trainer(configuration(scratch, data)).run { _ in } }
        #expect(error?.code == .insufficientData)
    }

    @Test func configurationIsCheckedByKey() throws {
        let valid = TrainingConfiguration(dataPaths: ["a"], modelsPath: "b", createdAt: Timestamp(milliseconds: 0), threads: 1)
        func key(_ change: (inout TrainingConfiguration) -> Void) -> String? {
            var changed = valid
            change(&changed)
            return #expect(throws: TrainingError.self) { try Trainer(changed) }?.message
        }
        #expect(key { $0.threads = 0 }?.hasPrefix("threads") == true)
        #expect(key { $0.testShare = 0.5 }?.hasPrefix("testShare") == true)
        #expect(key { $0.calibrationShare = 0 }?.hasPrefix("calibrationShare") == true)
        #expect(
            key {
                $0.validationShare = 0.4
                $0.testShare = 0.4
            }?.contains("calibrationShare") == true)
        #expect(key { $0.boosting.eta = .nan }?.hasPrefix("eta") == true)
        #expect(key { $0.boosting.subsample = 0 }?.hasPrefix("subsample") == true)
        #expect(key { $0.boosting.lambda = -1 }?.hasPrefix("lambda") == true)
        #expect(key { $0.maximumBins = 1 }?.hasPrefix("maximumBins") == true)
        #expect(key { $0.tuningTrials = -1 }?.hasPrefix("tuningTrials") == true)
        #expect(key { $0.resamples = 10 }?.hasPrefix("resamples") == true)
        #expect(key { $0.version = "../v1" }?.contains("'../v1'") == true)
        #expect(key { $0.parentVersion = "" }?.contains("''") == true)
        #expect(key { $0.maximumTrees = 0 }?.hasPrefix("maximumTrees") == true)
    }
}
