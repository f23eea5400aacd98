import Foundation
import Scoring
import Testing
import Training

@Suite struct TruthTests {
    /// Trains on a log with the truth written as `lines`.
    private func train(_ log: SyntheticLog, _ scratch: Scratch, truth lines: [String]) throws -> TrainingReport {
        let truth = "\(scratch.path)/truth.csv"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: truth))
        var configuration = TrainingConfiguration(
            dataPaths: [try scratch.write(log)], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
        configuration.version = UUID().uuidString
        configuration.truthPath = truth
        configuration.resamples = 50
        configuration.baselineForestTrees = 5
        return try Trainer(configuration).run { _ in }
    }

    private func jobs(_ log: SyntheticLog) -> [Substring] {
        log.lines.dropFirst().map { $0.prefix { $0 != "," } }
    }

    @Test func figuresAreSharesOfTheTruths() throws {
        let scratch = try Scratch()
        let log = SyntheticLog(notifications: 3000)
        // As good as it gets: the outcome itself, softened.
        let lines = log.lines.dropFirst().map { line in
            "\(line.prefix { $0 != "," }),\(line.contains(",delivered,") ? "0.9" : "0.2")"
        }
        let report = try train(log, scratch, truth: ["job_id,true_probability"] + lines.shuffled())
        let metrics = report.manifest.metrics
        #expect(metrics["bayes_auc"]?.value == 1)
        let model = report.measurement.model.evaluation
        #expect(abs(try #require(metrics["bayes_auc_excess_share"]).value - (model.auc - 0.5) / 0.5) < 1e-12)
        let loss = try #require(metrics["bayes_log_loss"]?.value)
        #expect(abs(loss - (-logarithm(0.9) * model.baseRate - logarithm(0.8) * (1 - model.baseRate))) < 1e-6)
        #expect(abs(try #require(metrics["bayes_log_loss_ratio"]).value - model.logLoss / loss) < 1e-12)
        #expect(try #require(metrics["bayes_auc_excess_share"]?.lower) < (try #require(metrics["bayes_auc_excess_share"]?.upper)))
    }

    private func logarithm(_ value: Double) -> Double { log(value) }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        let scratch = try Scratch()
        let log = SyntheticLog(notifications: 1000)
        let jobs = jobs(log)
        let lines = ["job_id,true_probability"] + jobs.map { "\($0),0.5" }
        func error(_ lines: [String]) throws -> AttemptLogError? {
            #expect(throws: AttemptLogError.self) { try train(log, scratch, truth: lines) }
        }
        #expect(try error(Array(lines.dropLast()))?.reason.contains("1 of the") == true)
        let unknown = try error(lines + ["somebody,0.5"])
        #expect(unknown?.line == lines.count + 1 && unknown?.reason.contains("'somebody'") == true)
        #expect(try error(lines + [lines[lines.count - 1]])?.reason.contains("twice") == true)
        #expect(try error(["job,p"] + lines.dropFirst())?.line == 1)
        for value in ["1.5", "nan", "", "x"] {
            let bad = try error([lines[0], "\(jobs[0]),\(value)"] + lines.dropFirst(2))
            #expect(bad?.line == 2 && bad?.column == "true_probability")
        }
        #expect(try error(lines + ["a,b,c"])?.reason == "3 fields, not 2")
    }
}
