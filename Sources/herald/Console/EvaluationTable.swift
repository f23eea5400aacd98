import Foundation
import World

/// An evaluation of policies as a table for a terminal: a row for each policy, 95 % intervals as ±.
struct EvaluationTable {
    private let report: EvaluationReport

    init(_ report: EvaluationReport) {
        self.report = report
    }

    /// Column titles, and what stands below them.
    private static let columns: [(title: String, cell: @Sendable (EvaluationReport.Entry) -> String)] = [
        ("policy", { $0.policy.rawValue }),
        ("delivered %", { cell($0.deliveredShare, scale: 100, digits: 2) }),
        ("utility", { cell($0.utility, digits: 4) }),
        ("gap closed %", { entry in entry.gapClosed.map { cell($0, scale: 100, digits: 1) } ?? "–" }),
        ("median s", { cell($0.medianSecondsToDelivery, digits: 1) }),
        ("attempts/delivery", { cell($0.attemptsPerDelivery, digits: 3) }),
        ("price/delivery", { cell($0.pricePerDelivery, digits: 3) }),
        ("wasted/1000", { cell($0.wastedRetriesPerThousand, digits: 1) }),
        ("peak load", { cell($0.peakLoad, digits: 2) }),
        ("recovery load", { cell($0.recoveryLoad, digits: 2) }),
    ]

    var text: String {
        let rows = [Self.columns.map(\.title)] + report.policies.map { entry in Self.columns.map { $0.cell(entry) } }
        let widths = Self.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }.joined(separator: "  ")
        }
        let head =
            "scenario \(report.scenario), world \(report.worldVersion), \(report.notifications) notifications over \(report.days) days, "
            + "\(report.seeds.count) seeds from \(report.seeds.first ?? 0); utility in points and price in thousandths per notification"
        return ([head] + lines).joined(separator: "\n")
    }

    private static func cell(_ estimate: Estimate, scale: Double = 1, digits: Int) -> String {
        let value = String(format: "%.\(digits)f", estimate.mean * scale)
        return estimate.halfWidth.map { "\(value) ± \(String(format: "%.\(digits)f", $0 * scale))" } ?? value
    }
}
