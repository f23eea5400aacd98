import Foundation
import Scoring
import Training
import World

/// One log of one world, and what a target policy is truly worth in the contexts of that log.
struct PolicyTrial {
    let report: PolicyReport
    /// Mean over the same decisions of what the oracle expects of the target's choice, in points: the estimand.
    let truth: Double
    /// The same of what was done.
    let loggedTruth: Double

    /// - Parameters:
    ///   - rows: attempts in the log.
    ///   - distort: what is written in the place of a propensity; `nil` = the propensity.
    init(
        seed: UInt64, rows: Int, target: TargetPolicy, yardstick: PolicyParameters, options: PolicyEvaluationOptions,
        scratch: Scratch, scenario: Scenario = .default, distort: ((LoggedAttempt) -> Double)? = nil
    ) throws {
        // The events of a scenario begin six hours into the log.
        let world = World(seed: seed, scenario: scenario, opening: WorldParameters.epoch + 6 * 3_600_000)
        var log = AttemptLog(world: world)
        var bytes: [UInt8] = []
        var attempts: [LoggedAttempt] = []
        try DatasetWriter(world: world).write(rows: rows, of: &log, to: { bytes += $0 }, observe: { attempts.append($0) })
        var text = String(decoding: bytes, as: UTF8.self)
        if let distort { text = Self.distorted(text, attempts, distort) }
        let evaluation = try PolicyEvaluation(
            .files([scratch.write(text)]), target: target, yardstick: yardstick, options: options)

        let worth = AttemptWorth(yardstick)
        var (truth, loggedTruth) = (0.0, 0.0)
        var next = 0
        report = try evaluation.run(take: { job, _, actions in
            // Some rows are no decisions that count; the others come in the order of the log.
            while Self.jobID(attempts[next]) != Self.suffix(job.jobID) { next += 1 }
            let attempt = attempts[next]
            next += 1
            func mean(_ provider: Int, _ delay: Int64) -> Double {
                guard let loads = attempt.loads else { return .nan }
                let attemptAt = attempt.sendTime + delay
                return world.trueMean(
                    of: attempt.pending, through: provider, at: attemptAt, seenFrom: attempt.sendTime, loads: loads
                ) { worth.value(of: job, at: attemptAt + $0) } - worth.cost(of: job)
            }
            loggedTruth += mean(attempt.choice.provider, attempt.choice.delayMilliseconds)
            for chosen in actions {
                let provider = world.provider(named: job.providers[chosen.action.providerIndex]) ?? -1
                truth += chosen.propensity * mean(provider, chosen.action.delayMilliseconds)
            }
        })
        self.truth = truth / Double(report.decisionCount)
        self.loggedTruth = loggedTruth / Double(report.decisionCount)
    }

    /// A small model of another world's attempts, made once.
    static func model() throws -> ScoringModel { try small.get() }

    private static let small = Result { try ServedWorld.model() }

    /// Of the notification's number and the attempts before, which no two rows share.
    private static func jobID(_ attempt: LoggedAttempt) -> String {
        "\(String(attempt.new.number, radix: 36)).\(attempt.pending.previousAttempts)"
    }

    /// The same of a job's id: behind the world's version, which is its first character.
    private static func suffix(_ jobID: String) -> String { String(jobID.dropFirst()) }

    private static func distorted(_ text: String, _ attempts: [LoggedAttempt], _ distort: (LoggedAttempt) -> Double) -> String {
        let column = SyntheticLog.header.split(separator: ",").firstIndex(of: "propensity") ?? 0
        var lines = text.split(separator: "\n").map(String.init)
        for (index, attempt) in attempts.enumerated() {
            var fields = lines[index + 1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            fields[column] = "\(distort(attempt))"
            lines[index + 1] = fields.joined(separator: ",")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
