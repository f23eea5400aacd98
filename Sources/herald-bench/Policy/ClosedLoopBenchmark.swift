import Foundation
import Scoring
import World

/// Policies against each other in the worlds of every scenario: what `herald simulate policies` does, over all of them.
struct ClosedLoopBenchmark {
    let model: ScoringModel
    let seeds: [UInt64]
    let notifications: Int
    let scenarios: [Scenario]

    func run(into report: inout Report) throws {
        for scenario in scenarios {
            var configuration = ClosedLoop.Configuration()
            configuration.scenario = scenario
            configuration.notifications = notifications
            let evaluation = try Evaluation(
                configuration, seeds: seeds, contestants: Contestant.allCases, scorer: Scorer(model: model, ladder: .standard))
            let found = evaluation.report { done, all in
                FileHandle.standardError.write(Data("\(scenario.rawValue): \(done) of \(all) runs\n".utf8))
            }
            report.print(
                "\nscenario \(scenario.rawValue): \(notifications) notifications, \(seeds.count) seeds from \(seeds.first ?? 0), ± 95 %\n"
                    + table(of: found).text)
            for entry in found.policies { add(entry, scenario, to: &report) }
        }
    }

    private func table(of found: EvaluationReport) -> TextTable {
        var table = TextTable([
            "policy", "gap closed %", "utility", "delivered %", "price/delivery", "attempts/delivery", "median s", "wasted/1000",
            "recognisably", "peak load", "in recovery",
        ])
        for entry in found.policies {
            table.add([
                entry.policy.rawValue, entry.gapClosed.map { Self.cell($0, scale: 100, digits: 1) } ?? "-",
                Self.cell(entry.utility, digits: 4),
                Self.cell(entry.deliveredShare, scale: 100, digits: 2), Self.cell(entry.pricePerDelivery, digits: 2),
                Self.cell(entry.attemptsPerDelivery, digits: 3), Self.cell(entry.medianSecondsToDelivery, digits: 2),
                Self.cell(entry.wastedRetriesPerThousand, digits: 2), Self.cell(entry.recognisablyWastedPerThousand, digits: 2),
                Self.cell(entry.peakLoad, digits: 2), Self.cell(entry.recoveryLoad, digits: 2),
            ])
        }
        return table
    }

    private func add(_ entry: EvaluationReport.Entry, _ scenario: Scenario, to report: inout Report) {
        func add(_ name: String, _ estimate: Estimate?) {
            guard let estimate else { return }
            let key = "closed_loop.\(scenario.rawValue).\(entry.policy.rawValue).\(name)"
            report.add(key, estimate.mean)
            if let halfWidth = estimate.halfWidth { report.add("\(key)_half_width", halfWidth) }
        }
        add("gap_closed", entry.gapClosed)
        add("utility", entry.utility)
        add("delivered", entry.deliveredShare)
        add("price_per_delivery", entry.pricePerDelivery)
        add("attempts_per_delivery", entry.attemptsPerDelivery)
        add("median_s", entry.medianSecondsToDelivery)
        add("wasted_per_1000", entry.wastedRetriesPerThousand)
        add("recognisably_wasted_per_1000", entry.recognisablyWastedPerThousand)
        add("peak_load", entry.peakLoad)
        add("recovery_load", entry.recoveryLoad)
    }

    private static func cell(_ estimate: Estimate, scale: Double = 1, digits: Int) -> String {
        let value = String(format: "%.\(digits)f", estimate.mean * scale)
        return estimate.halfWidth.map { "\(value) ± \(String(format: "%.\(digits)f", $0 * scale))" } ?? value
    }
}
