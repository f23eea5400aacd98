import ArgumentParser
import Broker
import Foundation
import Scoring
import Store
import World

/// `herald simulate policies`: ways to retry compared in the same worlds, in virtual time.
struct SimulatePoliciesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies",
        abstract: "Compare ways to retry in the synthetic world: a closed loop in virtual time, no broker, no database.",
        discussion: """
            Every policy meets each world anew: the seeds from --seed on. `model` is Herald with the model of --model; `oracle` is the same \
            optimiser with true probabilities. Gap closed = (utility − exponential's) / (oracle's − exponential's).
            """)

    @Option(help: "Policies to compare, parted by commas: \(Contestant.allCases.map(\.rawValue).joined(separator: ", ")).")
    var policies = Contestant.allCases.map(\.rawValue).joined(separator: ",")

    @Option(help: "Notifications in each world.")
    var notifications = 20_000

    @Option(help: "Days over which they arrive.")
    var days = 2.0

    @Option(help: "First seed.")
    var seed: UInt64 = 1

    @Option(help: "Worlds, with seeds one after the other; intervals need two.")
    var seeds = 5

    @Option(help: "What happens in the worlds: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).")
    var scenario = Scenario.default

    @Option(help: "Folder of the model artifact for the policy 'model'; empty = the rule policy stands for it.")
    var model = "models/champion"

    @Option(name: .customLong("json"), help: "File that gets every figure as JSON.")
    var jsonPath: String?

    @Option(name: .customLong("plot"), help: "File that gets a plot of the delivery over time, as SVG.")
    var plotPath: String?

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        guard (1...100_000_000).contains(notifications) else { throw ValidationError("--notifications must be 1 to 100 000 000") }
        guard (1...10_000).contains(seeds), seed <= .max - UInt64(seeds) else { throw ValidationError("--seeds must be 1 to 10 000") }
        guard days > 0, days <= 365 else { throw ValidationError("--days must be above 0 and at most 365") }
        _ = try contestants()
    }

    func run() async throws {
        let report = try await BlockingWork.run { [self] in try evaluate() }
        print(EvaluationTable(report).text)
        if let jsonPath {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try Self.write(encoder.encode(report), to: jsonPath)
        }
        if let plotPath { try Self.write(Data(DeliveryChart(report: report).svg.utf8), to: plotPath) }
    }

    private func contestants() throws -> [Contestant] {
        try policies.split(separator: ",").map { word in
            guard let contestant = Contestant(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
                throw ValidationError("--policies: '\(word)' is none of \(Contestant.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return contestant
        }
    }

    private func evaluate() throws -> EvaluationReport {
        let contestants = try contestants()
        var configuration = ClosedLoop.Configuration()
        configuration.scenario = scenario
        configuration.notifications = notifications
        configuration.days = days
        var scorer: Scorer?
        if contestants.contains(.model) {
            let artifact = model.isEmpty ? nil : try ArtifactFolder(model).load()
            // The model decides by its own parameters; values and costs are counted by the world's, the same for every policy.
            scorer = Scorer(model: artifact, ladder: .standard)
        }
        let evaluation = try Evaluation(
            configuration, seeds: (0..<UInt64(seeds)).map { seed + $0 }, contestants: contestants, scorer: scorer)
        var line = StatusLine(progress.style)
        let began = MonotonicTime.now
        defer { line.end() }
        return evaluation.report { done, all in
            let remaining = (MonotonicTime.now - began) * (Double(all - done) / Double(done))
            let status = EvaluationStatus(done: done, runs: all, remainingSeconds: remaining / .seconds(1))
            line.show(status.description, status)
        }
    }

    private static func write(_ bytes: Data, to path: String) throws {
        let file = try OutputFile(path)
        try file.write([UInt8](bytes))
        try file.finish()
    }
}

/// How far `simulate policies` is.
private struct EvaluationStatus: Encodable, CustomStringConvertible {
    let done: Int
    let runs: Int
    let remainingSeconds: Double

    var description: String { "\(done) of \(runs) runs  \(Int(remainingSeconds.rounded(.up))) s left" }
}
