internal import CBench
import Foundation
import Scoring

/// What a whole decision costs, and its stages.
struct DecisionBenchmark {
    let model: ScoringModel
    let day: DecisionDay
    let rounds: Int

    /// How many actions jobs have, and the parameters that make it so.
    private struct Shape {
        let name: String
        /// `nil` where it is whatever the jobs give.
        let actionCount: Int?
        let providerCount: Int?
        let ladder: DelayLadder
        let policy: PolicyParameters?
    }

    /// Jobs of one call, with the actions that each has.
    private struct Batch {
        let jobs: [PendingJob]
        let actions: [[CandidateAction]]
    }

    private static let stages = ["features", "score", "decide", "whole"]

    static func model(in folder: String) throws -> ScoringModel {
        func contents(_ name: String) throws -> [UInt8] {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                throw BenchmarkError("cannot read '\(folder)/\(name)': name a model's folder with --model")
            }
            return Array(data)
        }
        let manifest = try Manifest(json: contents("manifest.json"))
        return try ScoringModel(manifest: manifest, model: contents(manifest.modelFile.name))
    }

    func run(jobsPerCall: Int, into report: inout Report) throws {
        report.print("\(model.schema.featureCount) features; jobs of the synthetic world in batches; microseconds per job")
        var table = TextTable(["jobs x actions", "features", "score", "decide", "whole"])
        for shape in try Self.shapes() {
            for batch in Set([1, jobsPerCall]).sorted() {
                let times = try measure(shape, batch: batch)
                table.add(["\(batch) x \(shape.name)"] + Self.stages.map { Report.short(times[$0] ?? .nan) })
                for stage in Self.stages {
                    report.add("decision.\(batch)x\(shape.name).\(stage)_us_per_job", times[stage] ?? .nan)
                }
            }
        }
        report.print(table.text)
        try explain(into: &report)
    }

    /// Microseconds for the explanation of one decision, by its two kinds of attribution.
    private func explain(into report: inout Report) throws {
        let scorer = Scorer(model: model, ladder: .standard)
        let jobs = day.jobs.map { PendingJob(job: $0) }
        let decided = zip(jobs, scorer.decide(jobs, now: day.now, health: day.health)).filter { $1.chosen != nil }
        guard !decided.isEmpty else { throw BenchmarkError("no job of the day has an action to explain") }
        let kinds: [(name: String, attribution: DecisionExplainer.Attribution)] = [("tree_shap", .exact), ("path", .path)]
        let contenders = kinds.map { kind in
            let explainer = scorer.explainer(attribution: kind.attribution)
            return Contender<[(PendingJob, Decision)]>(name: kind.name) { tasks in
                repeated(tasks) { _ = explainer.explain($1, of: $0.job) }
            }
        }
        let count = min(decided.count, 20)
        let times = try Turns.medians(contenders, rounds: rounds) { round in
            var random = RandomBits(seed: UInt64(round))
            return (0..<count).map { _ in decided[Int.random(in: decided.indices, using: &random)] }
        }
        for (kind, time) in zip(kinds, times) {
            let time = time / Double(count) / 1000
            report.add("explanation.\(kind.name)_us", time)
            report.print("explanation of a decision by \(kind.name): \(Report.short(time)) microseconds")
        }
        let loading = try Turns.medians(
            [Contender<Void>(name: "load") { Stopwatch.nanoseconds { scorer.explainer() } }], rounds: rounds, task: { _ in })
        report.add("explanation.prepare_ms", loading[0] / 1e6)
        report.print("made ready once for a model: \(Report.short(loading[0] / 1e6)) milliseconds")
    }

    private static func shapes() throws -> [Shape] {
        var patient = PolicyParameters()
        patient.patienceHalfLives = 100
        for path in [\PolicyParameters.Templates.otp, \.transactional, \.alert, \.marketing] {
            patient.templates[keyPath: path].halfLifeSeconds = 86_400
        }
        var hasty = patient
        hasty.patienceHalfLives = 0
        let eleven = try DelayLadder(["15s", "1m", "5m", "15m", "30m", "1h", "3h", "6h", "9h", "12h", "24h"])
        return [
            Shape(name: "1", actionCount: 1, providerCount: 1, ladder: .standard, policy: hasty),
            Shape(name: "10", actionCount: 10, providerCount: 1, ladder: .standard, policy: patient),
            Shape(name: "30", actionCount: 30, providerCount: 3, ladder: .standard, policy: patient),
            Shape(name: "36", actionCount: 36, providerCount: 3, ladder: eleven, policy: patient),
            Shape(name: "natural", actionCount: nil, providerCount: nil, ladder: .standard, policy: nil),
        ]
    }

    /// The day's jobs, changed so that each has the shape's actions.
    private func jobs(of shape: Shape, for scorer: Scorer) throws -> [PendingJob] {
        guard let actionCount = shape.actionCount, let providerCount = shape.providerCount else {
            return day.jobs.map { PendingJob(job: $0) }
        }
        let jobs = day.jobs.map { job in
            var job = job
            job.providers = [job.provider] + job.providers.filter { $0 != job.provider }.prefix(providerCount - 1)
            if job.expiresAt != nil { job.expiresAt = day.now + 30 * 86_400_000 }
            return PendingJob(job: job)
        }
        // What an override decides has no actions.
        let scored = zip(jobs, scorer.decide(jobs, now: day.now, health: day.health)).filter { $1.actions.count == actionCount }.map(\.0)
        guard scored.count * 2 > jobs.count else {
            throw BenchmarkError("only \(scored.count) of \(jobs.count) jobs have \(actionCount) actions")
        }
        return scored
    }

    /// Microseconds per job by stage.
    private func measure(_ shape: Shape, batch: Int) throws -> [String: Double] {
        let scorer = Scorer(model: model, ladder: shape.ladder, policy: shape.policy)
        let jobs = try jobs(of: shape, for: scorer)
        let calls = max(1, jobs.count / 2 / batch)
        let tasks = (0..<rounds).map { round in
            var random = RandomBits(seed: UInt64(round))
            let first = Int.random(in: 0...jobs.count - calls * batch, using: &random)
            return (0..<calls).map { batches(of: jobs, from: first + $0 * batch, count: batch, scorer) }
        }
        let contenders = [
            Contender<[Batch]>(name: "features") { batches in
                var rows = ActionRows()
                return repeated(batches) { fill(&rows, for: $0) }
            },
            Contender(name: "score") { batches in
                let prepared = batches.map { batch in
                    var rows = ActionRows()
                    fill(&rows, for: batch)
                    return rows
                }
                var margins = [Float](repeating: 0, count: prepared.map(\.actionCount).max() ?? 0)
                return repeated(prepared) { rows in
                    var output = margins.mutableSpan
                    var needed = output.extracting(0..<rows.actionCount)
                    model.margins(of: rows, into: &needed)
                }
            },
            Contender(name: "whole") { batches in
                var workspace = ScoringWorkspace()
                var control = PolicyControl(scorer.policy.control, policy: scorer.policy)
                return repeated(batches) {
                    _ = scorer.decide($0.jobs, now: day.now, health: day.health, control: &control, workspace: &workspace)
                }
            },
        ]
        let medians = try Turns.medians(contenders, rounds: rounds) { tasks[$0] }
        var times: [String: Double] = [:]
        for (contender, time) in zip(contenders, medians) { times[contender.name] = time / Double(calls * batch) / 1000 }
        times["decide"] = (times["whole"] ?? 0) - (times["features"] ?? 0) - (times["score"] ?? 0)
        return times
    }

    private func batches(of jobs: [PendingJob], from first: Int, count: Int, _ scorer: Scorer) -> Batch {
        let jobs = Array(jobs[first..<first + count])
        return Batch(jobs: jobs, actions: scorer.decide(jobs, now: day.now, health: day.health).map { $0.actions.map(\.action) })
    }

    private func fill(_ rows: inout ActionRows, for batch: Batch) {
        rows.removeAll()
        for (pending, actions) in zip(batch.jobs, batch.actions) where !actions.isEmpty {
            rows.append(pending.job, actions: actions.span, decidedAt: day.now, health: day.health, schema: model.schema)
        }
    }

    /// Nanoseconds for all batches, after one of them that is not timed.
    private func repeated<Input>(_ batches: [Input], _ call: (Input) -> Void) -> Double {
        call(batches[0])
        let start = cbench_now()
        for batch in batches { call(batch) }
        return Double(cbench_now() - start)
    }
}
