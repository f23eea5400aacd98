import Foundation
import Scoring
package import Training

/// A policy evaluation as a table for a terminal and as one flat JSON object.
package struct PolicyTable {
    private let report: PolicyReport
    private let model: String

    package init(_ report: PolicyReport, model: String) {
        self.report = report
        self.model = model
    }

    package var text: String {
        var lines = [decisions, overlap]
        guard let logged = report.logged else { return decisions }
        var rows = [["", "points per decision", "95 % interval", "difference", "95 % interval"]]
        rows.append(["logged", Self.cell(logged.value), Self.interval(logged), "", ""])
        for entry in report.entries {
            let isEstimate = entry.estimator != .model
            rows.append([
                entry.estimator.rawValue, Self.cell(entry.value.value), isEstimate ? Self.interval(entry.value) : "no estimate",
                Self.signed(entry.difference.value), isEstimate ? Self.interval(entry.difference) : "",
            ])
        }
        lines.append(TextTable(rows).text)
        if report.clippedCount > 0 {
            lines.append(
                "\(report.clippedCount) weights clipped: dr and ips may be off by \(Self.cell(report.clippingBound)) points more, snips by "
                    + "\(Self.cell(report.selfNormalisedClippingBound)), either way")
        }
        return lines.joined(separator: "\n")
    }

    private var decisions: String {
        let left = report.leftOut
        let parts = [
            (left.outsidePeriod, "outside of the period"), (left.immature, "too young"), (left.withoutOutcome, "without an outcome"),
            (left.withoutPropensity, "without a propensity"), (left.withoutHistory, "without their last attempt"),
            (left.withoutChoice, "without a choice"), (left.duplicate, "duplicates"),
        ]
        let leftOut = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        let period = report.period.map { ", \($0.lowerBound.rfc3339) to \($0.upperBound.rfc3339)" } ?? ""
        return "model \(model): \(report.decisionCount) decisions on \(report.notificationCount) notifications\(period); left out: "
            + (leftOut.isEmpty ? "none" : leftOut)
    }

    private var overlap: String {
        let count = Double(max(report.decisionCount, 1))
        return String(
            format: "overlap: the policy might have done the same in %.1f %%; effective sample size %.0f (%.2f %%), largest weight %.1f, "
                + "mean weight %.3f where it must be %.3f; never logged: %.2f %%", Double(report.matchedCount) / count * 100,
            report.effectiveSize, report.effectiveSize / count * 100, report.largestWeight,
            (report.weightExcess?.value ?? 0) + report.attemptingShare, report.attemptingShare, report.unseenShare * 100)
    }

    private static func cell(_ value: Double) -> String { String(format: "%.4f", value) }

    private static func signed(_ value: Double) -> String { String(format: "%+.4f", value) }

    private static func interval(_ estimate: PolicyEstimate) -> String { "\(cell(estimate.lower)) to \(cell(estimate.upper))" }

    // MARK: JSON

    /// One figure of the JSON object.
    private enum Figure: Encodable {
        case number(Double)
        case count(Int)
        case text(String)
        case flag(Bool)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let value): try container.encode(value)
            case .count(let value): try container.encode(value)
            case .text(let value): try container.encode(value)
            case .flag(let value): try container.encode(value)
            }
        }
    }

    /// Every figure by a name of its own; estimates are absent where they were refused.
    ///
    /// - Parameter labels: what was evaluated, by keys that no figure has.
    package static func json(_ report: PolicyReport, labels: [String: String]) throws -> [UInt8] {
        var figures: [String: Figure] = labels.mapValues { .text($0) }
        figures["refused"] = .flag(!report.refusals.isEmpty)
        if !report.refusals.isEmpty {
            figures["refusal_codes"] = .text(report.refusals.map(\.code.rawValue).joined(separator: " "))
            figures["refusal"] = .text(report.refusals.map(\.message).joined(separator: "; "))
        }
        figures["decisions"] = .count(report.decisionCount)
        figures["notifications"] = .count(report.notificationCount)
        figures["decisions_from"] = report.period.map { .text($0.lowerBound.rfc3339) }
        figures["decisions_to"] = report.period.map { .text($0.upperBound.rfc3339) }
        figures["learnt_until"] = report.learntUntil.map { .text($0.rfc3339) }
        figures["matched"] = .count(report.matchedCount)
        figures["matched_share"] = .number(Double(report.matchedCount) / Double(max(report.decisionCount, 1)))
        figures["effective_sample_size"] = .number(report.effectiveSize)
        figures["largest_weight"] = .number(report.largestWeight)
        figures["clipped_weights"] = .count(report.clippedCount)
        figures["clipping_bias_bound"] = .number(report.clippingBound)
        figures["clipping_bias_bound_snips"] = .number(report.selfNormalisedClippingBound)
        figures["attempting_share"] = .number(report.attemptingShare)
        figures["never_logged_share"] = .number(report.unseenShare)
        let left = report.leftOut
        figures["left_out_outside_period"] = .count(left.outsidePeriod)
        figures["left_out_immature"] = .count(left.immature)
        figures["left_out_without_outcome"] = .count(left.withoutOutcome)
        figures["left_out_without_propensity"] = .count(left.withoutPropensity)
        figures["left_out_without_history"] = .count(left.withoutHistory)
        figures["left_out_without_choice"] = .count(left.withoutChoice)
        figures["left_out_duplicate"] = .count(left.duplicate)
        func add(_ name: String, _ estimate: PolicyEstimate?) {
            guard let estimate, estimate.value.isFinite else { return }
            figures[name] = .number(estimate.value)
            // A single notification has no interval.
            guard estimate.lower.isFinite else { return }
            figures["\(name)_lower"] = .number(estimate.lower)
            figures["\(name)_upper"] = .number(estimate.upper)
        }
        add("weight_excess", report.weightExcess)
        add("logged", report.logged)
        for entry in report.entries {
            add(entry.estimator.rawValue, entry.value)
            add("\(entry.estimator.rawValue)_difference", entry.difference)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(figures)) + [0x0A]
    }
}
