import Foundation
import Scoring
import Testing
import Training
import World

/// The arithmetic of the estimates against a plain one, and what is refused.
@Suite struct PolicyEvaluationTests {
    /// A log of the world with the fields of its rows.
    private struct Log {
        var text: String
        var rows: [[String: String]]

        init(rows: Int, seed: UInt64 = 11) throws {
            let world = World(seed: seed)
            var log = AttemptLog(world: world, withTruth: false)
            var bytes: [UInt8] = []
            try DatasetWriter(world: world).write(rows: rows, of: &log, to: { bytes += $0 })
            text = String(decoding: bytes, as: UTF8.self)
            self.rows = []
            let names = SyntheticLog.header.split(separator: ",").map(String.init)
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                self.rows.append(Dictionary(uniqueKeysWithValues: zip(names, fields)))
            }
        }

        /// With a column changed in every row.
        func changing(_ column: String, _ change: (Int, String) -> String) -> String {
            let names = SyntheticLog.header.split(separator: ",").map(String.init)
            let lines = rows.enumerated().map { index, row in
                names.map { $0 == column ? change(index, row[$0] ?? "") : row[$0] ?? "" }.joined(separator: ",")
            }
            return ([SyntheticLog.header] + lines).joined(separator: "\n") + "\n"
        }
    }

    private func target(_ model: ScoringModel, learnt: Manifest? = nil, policy: PolicyParameters? = nil) -> TargetPolicy {
        TargetPolicy(Scorer(model: model, ladder: .standard, policy: policy), learnt: learnt)
    }

    private static var lenient: PolicyEvaluationOptions {
        var options = PolicyEvaluationOptions()
        options.minimumEffectiveSize = 2
        options.minimumEffectiveShare = 0
        options.maximumUnsupportedShare = 1
        return options
    }

    private func report(
        _ text: String, _ target: TargetPolicy, _ options: PolicyEvaluationOptions = lenient, yardstick: PolicyParameters? = nil,
        take: (Job, Timestamp, [TargetPolicy.Action]) -> Void = { _, _, _ in }
    ) throws -> PolicyReport {
        let scratch = try Scratch()
        return try PolicyEvaluation(
            .files([scratch.write(text)]), target: target, yardstick: yardstick ?? PolicyParameters(), options: options
        ).run(take: take)
    }

    /// One decision as the plain arithmetic has it.
    private struct Observation {
        var notification: String
        var points: Double
        var weight: Double
        var attempting: Double
        var expected: Double
        var residual: Double
    }

    @Test("Estimates, effective size and intervals are those of plain arithmetic over notifications")
    func estimatesAreThoseOfPlainArithmetic() throws {
        let log = try Log(rows: 6000)
        let rows = Dictionary(uniqueKeysWithValues: log.rows.map { ($0["job_id"] ?? "", $0) })
        var observations: [Observation] = []
        var parameters = PolicyParameters()
        parameters.templates.otp.halfLifeSeconds = 300
        let report = try report(log.text, target(PolicyTrial.model()), yardstick: parameters) { job, _, actions in
            guard let row = rows[job.jobID], let decidedAt = Timestamp(rfc3339: row["send_time"] ?? "") else { return }
            let terms = parameters.templates[job.templateType]
            let channel = parameters.channels[job.channel]
            let due = job.previousAttempts == 0 ? job.sendTime : job.createdAt
            func value(_ time: Timestamp) -> Double {
                if let expiresAt = job.expiresAt, time > expiresAt { return 0 }
                return terms.value * exp2(-max(0, Double(time - due) / 1000) / terms.halfLifeSeconds)
            }
            func expected(_ action: TargetPolicy.Action) -> Double {
                let arrival = decidedAt + action.action.delayMilliseconds + Int64(channel.expectedLatencySeconds * 1000)
                return Double(action.probability) * value(arrival) - channel.attemptCost
            }
            let delay = Int64(row["delay_ms"] ?? "") ?? -1
            let arrival = decidedAt + delay + (Int64(row["outcome_latency_ms"] ?? "") ?? 0)
            let points = (row["status"] == "delivered" ? value(arrival) : 0) - channel.attemptCost
            let same = actions.first { $0.action.delayMilliseconds == delay && job.providers[$0.action.providerIndex] == row["provider"] }
            let weight = (same?.propensity ?? 0) / (Double(row["propensity"] ?? "") ?? 0)
            observations.append(
                Observation(
                    notification: job.notificationID, points: points, weight: weight,
                    attempting: actions.reduce(0) { $0 + $1.propensity },
                    expected: actions.reduce(0) { $0 + $1.propensity * expected($1) },
                    residual: same.map { weight * (points - expected($0)) } ?? 0))
        }
        let count = Double(observations.count)
        #expect(observations.count == report.decisionCount && report.decisionCount > 5900)
        let clusters = Dictionary(grouping: observations, by: \.notification)
        #expect(clusters.count == report.notificationCount)
        let weights = observations.map(\.weight)
        let total = weights.reduce(0, +)
        #expect(abs(report.effectiveSize - total * total / weights.reduce(0) { $0 + $1 * $1 }) < 1e-6 * report.effectiveSize)
        #expect(report.matchedCount == weights.count { $0 > 0 })
        let mass = observations.reduce(0) { $0 + $1.attempting } / count

        // A mean, or a ratio of means, and the variance of its influence values, summed by notification.
        func check(_ estimate: PolicyEstimate, _ value: Double, influence: (Observation) -> Double) {
            #expect(abs(estimate.value - value) < 1e-9 * max(1, abs(value)))
            let influences = clusters.values.map { $0.reduce(0) { $0 + influence($1) } / count }
            let number = Double(influences.count)
            let error = (influences.reduce(0) { $0 + $1 * $1 } * number / (number - 1)).squareRoot()
            #expect(abs(estimate.standardError - error) < 1e-6 * error)
        }
        func mean(_ value: (Observation) -> Double) -> Double { observations.reduce(0) { $0 + value($1) } / count }
        let logged = mean(\.points)
        check(try #require(report.logged), logged) { $0.points - logged }
        let robust = mean { $0.expected + $0.residual }
        let entry = try #require(report[.doublyRobust])
        check(entry.value, robust) { $0.expected + $0.residual - robust }
        check(entry.difference, robust - logged) { $0.expected + $0.residual - $0.points - robust + logged }
        let plain = mean { $0.weight * $0.points }
        check(try #require(report[.inversePropensity]).value, plain) { $0.weight * $0.points - plain }
        let ratio = plain * count / total
        check(try #require(report[.selfNormalised]).value, mass * ratio) { observation in
            mass * count / total * observation.weight * (observation.points - ratio) + ratio * (observation.attempting - mass)
        }
    }

    @Test("The context knows nothing of the logged action: whatever was done, the target would do the same")
    func theActionDoesNotLeak() throws {
        let log = try Log(rows: 3000)
        let model = try PolicyTrial.model()
        var first: [String: [TargetPolicy.Action]] = [:]
        _ = try report(log.text, target(model)) { job, _, actions in
            if job.previousAttempts == 0 { first[job.jobID] = actions }
        }
        // The last row's action is another one: only what comes behind it may change.
        let index = try #require(log.rows.lastIndex { $0["previous_attempts"] == "0" && $0["channel"] == "email" })
        let other = log.changing("provider") { $0 == index ? ($1 == "em-a" ? "em-b" : "em-a") : $1 }
        _ = try report(other, target(model)) { job, _, actions in
            if job.jobID == log.rows[index]["job_id"] { #expect(actions == first[job.jobID]) }
        }
        #expect(first.values.allSatisfy { $0.count == 1 })
    }

    @Test("A log without propensities, or with too few, is refused")
    func missingPropensitiesAreRefused() throws {
        let log = try Log(rows: 3000)
        let target = target(try PolicyTrial.model())
        let none = try report(log.changing("propensity") { _, _ in "" }, target)
        #expect(none.refusals.map(\.code) == [.missingPropensities] && none.entries.isEmpty)
        let zero = try report(log.changing("propensity") { _, _ in "0.0000" }, target)
        #expect(zero.refusals.map(\.code) == [.missingPropensities])
        let some = try report(log.changing("propensity") { $0 % 20 == 0 ? "" : $1 }, target)
        #expect(some.refusals.map(\.code) == [.missingPropensities])
        #expect(some.refusals[0].message.contains("5 %") && some.leftOut.withoutPropensity == 150)
        let few = try report(log.changing("propensity") { $0 % 200 == 0 ? "" : $1 }, target)
        #expect(few.refusals.isEmpty && few.decisionCount == 2985)
    }

    @Test("Too little overlap is refused, with what would be needed")
    func poorOverlapIsRefused() throws {
        let log = try Log(rows: 2000)
        let target = target(try PolicyTrial.model())
        let poor = try report(log.text, target, PolicyEvaluationOptions())
        #expect(poor.refusals.map(\.code) == [.poorOverlap] && poor.entries.isEmpty)
        #expect(poor.refusals.first?.message.contains("times as long") == true)
        #expect(poor.effectiveSize > 2 && poor.effectiveSize < 100)
        var share = Self.lenient
        share.minimumEffectiveShare = 0.5
        #expect(try report(log.text, target, share).refusals.map(\.code) == [.poorOverlap])
        var never = PolicyParameters()
        for channel in [\PolicyParameters.channels.email, \.channels.sms, \.channels.push] { never[keyPath: channel].attemptCost = 1e6 }
        let silent = try report(log.text, self.target(PolicyTrial.model(), policy: never), Self.lenient)
        #expect(silent.refusals.first?.message.contains("gives up every one") == true)
    }

    @Test("A target outside of what the log can show is refused")
    func missingSupportIsRefused() throws {
        let log = try Log(rows: 4000)
        let target = target(try PolicyTrial.model())
        // Hardly anything but first attempts at once through the first route, as if nothing else had been possible.
        let names = SyntheticLog.header.split(separator: ",").map(String.init)
        let rows = log.rows.enumerated().filter { index, row in
            index % 200 == 0 || row["delay_ms"] == "0" && row["previous_attempts"] == "0" && row["provider"]?.hasSuffix("-a") == true
        }
        let lines = rows.map { _, row in names.map { $0 == "propensity" ? "1" : row[$0] ?? "" }.joined(separator: ",") }
        var options = Self.lenient
        options.maximumUnsupportedShare = 0.05
        let text = ([SyntheticLog.header] + lines).joined(separator: "\n")
        let refused = try report(text, target, options)
        #expect(refused.refusals.map(\.code) == [.outsideSupport] && refused.entries.isEmpty)
        #expect(refused.leftOut.withoutHistory > 0)
        #expect(try report(text, target).refusals.isEmpty)
    }

    @Test("Where outcomes are waited for, young decisions do not count, whatever is known of them")
    func youngDecisionsAreLeftOut() throws {
        let log = try Log(rows: 8000)
        let target = target(try PolicyTrial.model())
        let last = try #require(Timestamp(rfc3339: log.rows[7999]["send_time"] ?? ""))
        let young = log.rows.count { row in
            Timestamp(rfc3339: row["send_time"] ?? "").map { $0 + 86_400_000 + 3_600_000 + 60_000 > last } ?? false
        }
        #expect(young > 0 && young < 7000)
        var text = log.changing("status") { $0 == 7998 ? "" : $1 }
        let late = try report(text, target)
        #expect(late.leftOut.immature == young && late.leftOut.withoutOutcome == 0)
        text = log.changing("status") { $0 == 0 ? "" : $1 }
        let old = try report(text, target)
        #expect(old.leftOut.immature == young && old.leftOut.withoutOutcome == 1)
        let complete = try report(log.text, target)
        #expect(complete.leftOut == PolicyReport().leftOut && complete.decisionCount == 8000)
    }

    @Test("Decisions that the model has learnt from do not count, unless it is asked for")
    func learntDecisionsAreLeftOut() throws {
        let scratch = try Scratch()
        let log = try Log(rows: 6000)
        var configuration = TrainingConfiguration(
            dataPaths: [try scratch.write(log.text)], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0),
            threads: 1)
        configuration.version = "own"
        configuration.maximumTrees = 5
        configuration.baselineForestTrees = 2
        configuration.resamples = 0
        let manifest = try Trainer(configuration).run { _ in }.manifest
        let model = try ScoringModel(
            manifest: scratch.contents("models/own/manifest.json"), model: scratch.contents("models/own/model.ubj"))
        let own = try report(log.text, target(model, learnt: manifest))
        let test = try #require(manifest.training?.periods.last)
        #expect(own.decisionCount == test.rows && own.notificationCount == test.notifications)
        #expect(own.leftOut.outsidePeriod == 6000 - test.rows)

        // A longer log of the same world: what is behind the model's data.
        let longer = try Log(rows: 9000)
        let later = try report(longer.text, target(model, learnt: manifest))
        #expect(later.learntUntil == manifest.data.to + 1)
        #expect(later.decisionCount > 2000 && later.decisionCount < 3000)
        var options = Self.lenient
        options.includesLearnt = true
        #expect(try report(longer.text, target(model, learnt: manifest), options).decisionCount == 9000)
        let shorter = try Log(rows: 5000)
        let none = try report(shorter.text, target(model, learnt: manifest))
        #expect(none.refusals.map(\.code) == [.noDecisions] && none.refusals[0].message.contains("has learnt from"))
    }

    @Test("A time that is asked for bounds what counts, not what is known")
    func theTimeBoundsWhatCounts() throws {
        let log = try Log(rows: 3000)
        let target = target(try PolicyTrial.model())
        var options = Self.lenient
        let from = try #require(Timestamp(rfc3339: log.rows[1000]["send_time"] ?? ""))
        let until = try #require(Timestamp(rfc3339: log.rows[1999]["send_time"] ?? ""))
        options.from = from
        options.until = until
        var whole: [String: [TargetPolicy.Action]] = [:]
        _ = try report(log.text, target) { job, _, actions in whole[job.jobID] = actions }
        var isSame = true
        let part = try report(log.text, target, options) { job, _, actions in isSame = isSame && whole[job.jobID] == actions }
        #expect(part.period?.lowerBound == from && part.period?.upperBound == until)
        #expect(part.decisionCount + part.leftOut.outsidePeriod == 3000 && isSame)
    }

    @Test("An option out of its range is named")
    func optionsAreChecked() throws {
        var options = PolicyEvaluationOptions()
        options.largestWeight = 0.5
        let error = #expect(throws: TrainingError.self) {
            try PolicyEvaluation(
                .files(["x.csv"]), target: target(PolicyTrial.model()), yardstick: PolicyParameters(), options: options)
        }
        #expect(error?.message.contains("largest weight") == true)
    }
}
