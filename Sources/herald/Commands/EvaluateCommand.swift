import ArgumentParser
import Foundation
import Scoring
import Store
import Training

/// `herald evaluate`: what a policy would have achieved on logged decisions.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Estimate what other policy parameters or another model would have achieved on decisions that were logged.",
        discussion: """
            Prints the value of one decision in points, next to that of what was done: doubly robust (dr), self-normalised (snips) and plain \
            (ips) inverse propensity scores, with 95 % intervals over notifications, and the difference to what was done.

            Decisions on notifications that the model has learnt from are left out. Where the log cannot tell (too little overlap, missing \
            or wrong propensities, actions that were never possible), nothing is estimated: the exit code is 2, and the reason is on standard \
            error and in --json.
            """)

    /// Exit code of an evaluation that is refused.
    static let refusedCode = ExitCode(2)

    @Option(
        parsing: .upToNextOption,
        help: "CSV files with the attempts (columns as in data/README.md), in the order of time; or mongodb: decisions and outcomes.")
    var from: [String]

    @Option(help: "JSON file with policy parameters, as `policy` in a manifest; keys it does not have are those of the model.")
    var policy: String?

    @Option(help: "JSON file with the parameters that both policies are measured by (default: those of the model).")
    var yardstick: String?

    @Option(name: .customLong("json"), help: "File that gets every figure as one flat JSON object.")
    var jsonPath: String?

    @Flag(help: "Count decisions that the model has learnt from, too; they flatter it.")
    var includeLearnt = false

    @Option(help: "Largest weight of a decision, at least 1; what clipping can do to the estimates is reported (default: no clipping).")
    var largestWeight: Double?

    @Option(help: "Refuse where the log is worth fewer of the policy's own decisions than this.")
    var minimumEffectiveSize = PolicyEvaluationOptions().minimumEffectiveSize

    @Option(help: "Refuse where that is a smaller share of the decisions than this.")
    var minimumEffectiveShare = PolicyEvaluationOptions().minimumEffectiveShare

    @Option(help: "Refuse where more than this share of what the policy would do could not have been logged.")
    var maximumUnsupportedShare = PolicyEvaluationOptions().maximumUnsupportedShare

    @OptionGroup(title: "What is read of the log (the windows: of MongoDB)") var log: LogOptions
    @OptionGroup(title: "Configuration; --model also takes a version in the models folder") var options: ConfigurationOptions
    @OptionGroup var progress: ProgressOptions

    func run() async throws {
        let configuration = try await options.load()
        let (report, model) = try await BlockingWork.run { [self] in
            let (target, yardstick) = try target(configuration)
            let report = try evaluate(configuration, target, yardstick)
            try jsonPath.map { try write(report, model: target.scorer.modelVersion, to: $0) }
            return (report, target.scorer.modelVersion)
        }
        print(PolicyTable(report, model: model).text)
        guard report.refusals.isEmpty else {
            let sentences = report.refusals.map { "refused: \($0.message)\n" }
            FileHandle.standardError.write(Data(sentences.joined().utf8))
            throw Self.refusedCode
        }
    }

    private func write(_ report: PolicyReport, model: String, to path: String) throws {
        var labels = ["model_version": model, "source": from.joined(separator: " ")]
        labels["policy_file"] = policy
        labels["yardstick_file"] = yardstick
        let file = try OutputFile(path)
        try file.write(PolicyTable.json(report, labels: labels))
        try file.finish()
    }

    /// The policy that is evaluated, and the parameters that it is measured by.
    private func target(_ configuration: HeraldConfiguration) throws -> (TargetPolicy, PolicyParameters) {
        let shelf = ModelShelf(configuration.modelsFolder, ladder: configuration.scoring.ladder)
        let artifact = try configuration.scoring.model.flatMap { try shelf.artifact($0) }
        let manifest = try artifact?.manifest()
        let base = manifest?.policy ?? PolicyParameters()
        let scorer = Scorer(
            model: try artifact?.load(), ladder: configuration.scoring.ladder,
            policy: try policy.map { try Self.parameters($0, base) } ?? base)
        return (TargetPolicy(scorer, learnt: manifest), try yardstick.map { try Self.parameters($0, base) } ?? base)
    }

    private static func parameters(_ path: String, _ base: PolicyParameters) throws -> PolicyParameters {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("cannot read '\(path)': name a JSON file with policy parameters")
        }
        do {
            return try PolicyFile([UInt8](bytes), name: path, base: base).parameters
        } catch let error as ModelError {
            throw ConfigurationError("\(path): \(error)")
        }
    }

    private func evaluate(
        _ configuration: HeraldConfiguration, _ target: TargetPolicy, _ yardstick: PolicyParameters
    ) throws -> PolicyReport {
        var chosen = PolicyEvaluationOptions()
        chosen.from = log.since.flatMap(Timestamp.init(rfc3339:))
        chosen.until = log.until.flatMap(Timestamp.init(rfc3339:))
        chosen.includesLearnt = includeLearnt
        chosen.largestWeight = largestWeight
        chosen.minimumEffectiveSize = minimumEffectiveSize
        chosen.minimumEffectiveShare = minimumEffectiveShare
        chosen.maximumUnsupportedShare = maximumUnsupportedShare
        let source: AttemptSource = try from == ["mongodb"] ? .decisions(log.log(configuration)) : .files(from)
        let evaluation = try PolicyEvaluation(source, target: target, yardstick: yardstick, options: chosen)
        var line = StatusLine(progress.style)
        defer { line.end() }
        let began = ContinuousClock.now
        return try evaluation.run(progress: { count, share in
            let status = EvaluateStatus(decisions: count, share: share, seconds: (ContinuousClock.now - began) / .seconds(1))
            line.show(status.description, status)
        })
    }
}

/// How far an evaluation is.
private struct EvaluateStatus: Encodable, CustomStringConvertible {
    let decisions: Int
    let share: Double
    let remainingSeconds: Double?

    init(decisions: Int, share: Double, seconds: Double) {
        self.decisions = decisions
        self.share = share
        remainingSeconds = share > 0 ? seconds * (1 - share) / share : nil
    }

    var description: String {
        let rest = remainingSeconds.map { "  \(Int($0.rounded(.up))) s left" } ?? ""
        return "\(Int((share * 100).rounded())) %  \(decisions) decisions\(rest)"
    }
}
