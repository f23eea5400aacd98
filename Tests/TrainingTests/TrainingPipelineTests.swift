import Forest
import Foundation
import Scoring
import Testing
import Training

/// What a whole run leaves in the manifest, capability by capability.
@Suite struct TrainingPipelineTests {
    private func configuration(_ scratch: Scratch, _ data: String, version: String) -> TrainingConfiguration {
        var configuration = TrainingConfiguration(
            dataPaths: [data], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
        configuration.version = version
        configuration.resamples = 60
        configuration.baselineForestTrees = 10
        return configuration
    }

    @Test func everyBaselineIsMeasuredOnTheSameRowsAndBeaten() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 6000))
        let manifest = try Trainer(configuration(scratch, data, version: "v1")).run { _ in }.manifest
        let assessment = try #require(manifest.assessment)
        #expect(Set(manifest.baselines.keys) == ["prior", "logistic_regression", "random_forest"])
        #expect(Set(assessment.baselineCalibration.keys) == Set(manifest.baselines.keys))
        let losses = try #require(assessment.calibrationLogLosses)
        #expect(Set(losses.keys) == ["identity", "platt", "isotonic"])
        #expect(losses[manifest.calibration.kind] == losses.values.min())
        for (name, metrics) in manifest.baselines {
            #expect(metrics["rows"] == manifest.metrics["rows"])
            #expect(metrics["base_rate"] == manifest.metrics["base_rate"])
            let difference = try #require(assessment.comparisons[name]?.differences["log_loss"])
            #expect(
                abs(difference.value - (try #require(manifest.metrics["log_loss"]).value - (try #require(metrics["log_loss"]).value)))
                    < 1e-12)
        }
        #expect(assessment.comparisons["prior"]?.verdict == "better")
        // The effects are additive in log-odds, so the linear model is no straw man.
        let linear = try #require(manifest.baselines["logistic_regression"]?["auc"]?.value)
        #expect(linear > 0.7)
        #expect(try #require(manifest.baselines["random_forest"]?["auc"]?.value) > 0.7)
    }

    @Test func groupsAreCountedByTheFeatureThatNamesThem() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 8000))
        let report = try Trainer(configuration(scratch, data, version: "v1")).run { _ in }
        let segments = try #require(report.manifest.assessment?.segments)
        #expect(Set(segments.keys) == ["channel", "provider", "country", "template", "attempt"])
        #expect(Set(try #require(segments["provider"]).keys) == ["alpha", "beta", "gamma"])
        #expect(Set(try #require(segments["country"]).keys) == ["BR", "DE", "FR", "NG", "US"])
        #expect(Set(try #require(segments["attempt"]).keys) == ["1", "2", "3"])
        for (name, groups) in segments {
            let rows = groups.values.reduce(0) { $0 + ($1["rows"]?.value ?? 0) }
            #expect(rows == report.manifest.metrics["rows"]?.value, "\(name)")
        }
        // Provider alpha delivers more often than gamma in the log.
        let rates = try #require(segments["provider"]).mapValues { $0["base_rate"]?.value ?? .nan }
        #expect(try #require(rates["alpha"]) > (try #require(rates["gamma"])))
        #expect(report.manifest.assessment?.gaps.contains { $0.segment == "provider" && $0.metric == "bias" } == true)
    }

    /// What is drawn says the same as the figures beside it.
    @Test func diagramsAgreeWithTheMetrics() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 6000))
        let manifest = try Trainer(configuration(scratch, data, version: "v1")).run { _ in }.manifest
        let diagrams = try #require(manifest.assessment?.diagrams)
        let rows = diagrams.reliability.reduce(0) { $0 + $1.rows }
        #expect(Double(rows) == manifest.metrics["rows"]?.value)
        let delivered = diagrams.reliability.reduce(0) { $0 + $1.observed * Double($1.rows) }
        #expect(abs(delivered / Double(rows) - (try #require(manifest.metrics["base_rate"]).value)) < 1e-9)
        #expect(diagrams.reliability.allSatisfy { $0.lower < $0.upper && $0.lower <= $0.observed && $0.observed <= $0.upper })

        #expect((10...64).contains(diagrams.roc.count))
        #expect(diagrams.roc.first == .init(falsePositiveRate: 0, truePositiveRate: 0))
        #expect(diagrams.roc.last == .init(falsePositiveRate: 1, truePositiveRate: 1))
        let area = zip(diagrams.roc, diagrams.roc.dropFirst()).reduce(0) { area, pair in
            area + (pair.1.falsePositiveRate - pair.0.falsePositiveRate) * (pair.0.truePositiveRate + pair.1.truePositiveRate) / 2
        }
        // Fewer points cut off corners of the curve.
        #expect(abs(area - (try #require(manifest.metrics["auc"]).value)) < 5e-3)
        #expect((10...64).contains(diagrams.precisionRecall.count))
        let last = try #require(diagrams.precisionRecall.last)
        #expect(last.recall == 1)
        #expect(abs(last.precision - (try #require(manifest.metrics["base_rate"]).value)) < 1e-12)

        #expect(Set(diagrams.importances.map(\.feature)) == Set(manifest.schema.names))
        #expect(abs(diagrams.importances.reduce(0) { $0 + $1.gain } - 1) < 1e-9)
        #expect(try #require(diagrams.importances.first).contribution > 0)
        #expect(try Manifest(json: manifest.json()).assessment?.diagrams == diagrams)
    }

    @Test func driftReferenceCoversEveryFeatureAndAllRows() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 3000))
        let manifest = try Trainer(configuration(scratch, data, version: "v1")).run { _ in }.manifest
        let reference = try #require(manifest.reference)
        let period = try #require(manifest.training?.periods.first)
        // Scorers see delayed jobs come back too.
        let rows = period.rows + (period.returns ?? 0)
        #expect(Set(reference.features.keys) == Set(manifest.schema.names))
        for (name, histogram) in reference.features {
            let counted =
                switch histogram.bins {
                case .numeric(_, let counts): counts.reduce(0, +)
                case .words(let counts): counts.values.reduce(0, +)
                }
            #expect(counted + histogram.missing == rows, "\(name)")
        }
        guard case .words(let channels)? = reference.features["channel"]?.bins else {
            Issue.record("the channels are words")
            return
        }
        #expect(channels == ["email": rows, "sms": 0, "push": 0])
    }

    @Test func theSearchKeepsItsBestTrialAndNeverEndsBelowTheStart() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 4000))
        var tuned = configuration(scratch, data, version: "tuned")
        tuned.tuningTrials = 5
        tuned.boosting.maximumDepth = 9
        var shares: [Double] = []
        let manifest = try Trainer(tuned).run { if $0.phase == .tuning { shares.append($0.share) } }.manifest
        let training = try #require(manifest.training)
        #expect(training.tuning.count == 5)
        #expect(training.tuning[0].parameters == tuned.boosting.values)
        let best = try #require(training.tuning.min { $0.validationLogLoss < $1.validationLogLoss })
        for (name, value) in best.parameters { #expect(training.parameters[name] == value) }
        #expect(training.trees == best.trees)
        #expect(shares == shares.sorted() && shares.last == 1)

        // The best trial's parameters alone give the same model.
        var plain = configuration(scratch, data, version: "plain")
        plain.boosting.eta = try #require(best.parameters["eta"])
        plain.boosting.maximumDepth = Int(try #require(best.parameters["max_depth"]))
        plain.boosting.minimumChildWeight = try #require(best.parameters["min_child_weight"])
        plain.boosting.subsample = try #require(best.parameters["subsample"])
        plain.boosting.columnSample = try #require(best.parameters["colsample_bytree"])
        plain.boosting.lambda = try #require(best.parameters["lambda"])
        _ = try Trainer(plain).run { _ in }
        #expect(try scratch.contents("models/tuned/model.ubj") == scratch.contents("models/plain/model.ubj"))
    }

    @Test func aConstraintIsKeptAndAnUnknownNameRefused() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 3000))
        var constrained = configuration(scratch, data, version: "v1")
        constrained.monotone = ["payload_size": 1, "delay_s": -1]
        let report = try Trainer(constrained).run { _ in }
        #expect(report.manifest.training?.monotone == constrained.monotone)
        let forest = try Forest(xgboost: scratch.contents("models/v1/model.ubj"))
        for (name, direction) in constrained.monotone {
            let column = try #require(report.manifest.schema.names.firstIndex(of: name))
            for provider in 0..<3 {
                var rows: [Float] = []
                let values = stride(from: Float(0), through: 6000, by: 50)
                for value in values {
                    var row = [Float](repeating: 0, count: forest.featureCount)
                    row[try #require(report.manifest.schema.names.firstIndex(of: "provider"))] = Float(provider)
                    row[column] = value
                    rows += row
                }
                var margins = [Float](repeating: 0, count: rows.count / forest.featureCount)
                var output = margins.mutableSpan
                forest.margins(of: rows.span, into: &output)
                #expect(zip(margins, margins.dropFirst()).allSatisfy { Float(direction) * ($1 - $0) >= -1e-5 }, "\(name)")
            }
        }
        constrained.version = "v2"
        constrained.monotone = ["no_such_feature": 1]
        let error = #expect(throws: TrainingError.self) { try Trainer(constrained).run { _ in } }
        #expect(error?.message.contains("'no_such_feature'") == true)
    }

    @Test func theStandardConstraintsNameFeaturesThatExist() throws {
        let schema = try FeatureSchema(countries: ["DE"], providers: ["alpha"])
        #expect(throws: Never.self) { try MonotoneConstraints(MonotoneConstraints.standard, featureNames: schema.names) }
        #expect(throws: TrainingError.self) { try MonotoneConstraints(["delay_s": 2], featureNames: schema.names) }
    }

    @Test func theChampionIsMeasuredOnTheSameRows() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 8000))
        var weak = configuration(scratch, data, version: "weak")
        weak.maximumTrees = 1
        weak.boosting.maximumDepth = 1
        weak.boosting.maximumDepth = 1
        let first = try Trainer(weak).run { _ in }
        var next = configuration(scratch, data, version: "next")
        next.championPath = first.path
        let second = try Trainer(next).run { _ in }
        let champion = try #require(second.measurement.champion)
        // The same rows and the same vocabulary: the very figures it had itself.
        #expect(champion.evaluation.logLoss == first.measurement.model.evaluation.logLoss)
        #expect(second.manifest.assessment?.comparisons["champion"]?.verdict == "better")
        next.version = "nowhere"
        next.championPath = "\(scratch.path)/none"
        let error = #expect(throws: TrainingError.self) { try Trainer(next).run { _ in } }
        #expect(error?.message.contains("/none/manifest.json") == true)
    }

    @Test func aChampionWithOtherVocabulariesIsAskedInItsOwn() throws {
        let scratch = try Scratch()
        let old = SyntheticLog(notifications: 2500)
        // The provider that comes first in the old vocabulary, unknown to the new one.
        var renamed = old
        for line in 2...2 { try renamed.set("provider", line: line, to: "aardvark") }
        let first = try Trainer(configuration(scratch, scratch.write(renamed), version: "first")).run { _ in }
        #expect(first.manifest.schema.providers.first == "aardvark")
        var next = configuration(scratch, try scratch.write(old), version: "next")
        next.championPath = first.path
        let second = try Trainer(next).run { _ in }
        #expect(second.manifest.schema.providers == ["alpha", "beta", "gamma"])
        // Not equal to the last bit: the renamed attempt counts for another provider's health.
        let champion = try #require(second.measurement.champion).evaluation.logLoss
        #expect(abs(champion - first.measurement.model.evaluation.logLoss) < 0.002)
    }

    @Test func leftoversOfKilledRunsGoAndThoseOfLivingOnesStay() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 1000))
        // A process that has ended and been waited for: its number is free.
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/true")
        try child.run()
        child.waitUntilExit()
        let living = ".v0.\(ProcessInfo.processInfo.processIdentifier).partial"
        for name in [".v.1.\(child.processIdentifier).partial", living, ".partial", "v9.partial"] {
            try FileManager.default.createDirectory(atPath: "\(scratch.path)/models/\(name)/inside", withIntermediateDirectories: true)
        }
        _ = try Trainer(configuration(scratch, data, version: "v1")).run { _ in }
        #expect(try scratch.entries("models") == [".partial", living, "v1", "v9.partial"])
    }

    @Test func periodsFollowEachOtherAndDoNotDivideNotifications() throws {
        let scratch = try Scratch()
        let data = try scratch.write(SyntheticLog(notifications: 5000))
        var shares = configuration(scratch, data, version: "v1")
        shares.validationShare = 0.05
        shares.calibrationShare = 0.2
        shares.testShare = 0.3
        let report = try Trainer(shares).run { _ in }
        let periods = try #require(report.manifest.training?.periods)
        let rows = periods.reduce(0) { $0 + $1.rows }
        for (period, share) in zip(periods, [0.45, 0.05, 0.2, 0.3]) {
            #expect(abs(Double(period.rows) / Double(rows) - share) < 0.01, "\(period.name)")
        }
        // Every notification is in exactly one period.
        #expect(periods.reduce(0) { $0 + $1.notifications } == 5000)
    }
}
