import Foundation
import Scoring
import Testing
import Training
import herald

@Suite struct PolicyTableTests {
    private var report: PolicyReport {
        var report = PolicyReport()
        report.decisionCount = 200
        report.notificationCount = 150
        report.period = Timestamp(milliseconds: 0)...Timestamp(milliseconds: 86_400_000)
        report.matchedCount = 50
        report.effectiveSize = 120.25
        report.largestWeight = 30
        report.attemptingShare = 0.75
        report.weightExcess = PolicyEstimate(value: 0.05, lower: -0.1, upper: 0.2)
        report.logged = PolicyEstimate(value: 4, lower: 3.5, upper: 4.5)
        report.leftOut.immature = 7
        report.entries = PolicyReport.Estimator.allCases.enumerated().map { index, estimator in
            let value = 5 + Double(index)
            return PolicyReport.Entry(
                estimator: estimator, value: PolicyEstimate(value: value, lower: value - 1, upper: value + 1),
                difference: PolicyEstimate(value: value - 4, lower: value - 5, upper: value - 3))
        }
        return report
    }

    private func json(_ report: PolicyReport) throws -> [String: Any] {
        let bytes = try PolicyTable.json(report, labels: ["model_version": "v7"])
        return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func everyEstimateHasARowWithItsInterval() {
        let text = PolicyTable(report, model: "v7").text
        #expect(text.contains("model v7: 200 decisions on 150 notifications"))
        #expect(text.contains("left out: 7 too young"))
        #expect(
            text.contains("in 25.0 %; effective sample size 120 (60.12 %), largest weight 30.0, mean weight 0.800 where it must be 0.750"))
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
        #expect(lines.contains("logged 4.0000 3.5000 to 4.5000"))
        #expect(lines.contains("dr 5.0000 4.0000 to 6.0000 +1.0000 0.0000 to 2.0000"))
        #expect(lines.contains("snips 6.0000 5.0000 to 7.0000 +2.0000 1.0000 to 3.0000"))
        #expect(lines.contains("model 8.0000 no estimate +4.0000"))
        #expect(!text.contains("clipped"))
    }

    @Test func clippingIsTold() {
        var report = report
        report.clippedCount = 3
        report.clippingBound = 0.125
        report.selfNormalisedClippingBound = 2
        #expect(
            PolicyTable(report, model: "v7").text.contains(
                "3 weights clipped: dr and ips may be off by 0.1250 points more, snips by 2.0000"))
    }

    @Test func theObjectIsFlat() throws {
        let object = try json(report)
        #expect(object.values.allSatisfy { $0 is NSNumber || $0 is String })
        #expect(object["refused"] as? Bool == false && object["model_version"] as? String == "v7" && object["model"] as? Double == 8)
        #expect(object["dr"] as? Double == 5 && object["dr_lower"] as? Double == 4 && object["dr_difference_upper"] as? Double == 2)
        #expect(object["effective_sample_size"] as? Double == 120.25 && object["left_out_immature"] as? Int == 7)
        #expect(object["refusal"] == nil)
    }

    @Test func aRefusalIsSaidAndHasNoEstimates() throws {
        var report = report
        report.entries = []
        report.refusals = [
            PolicyReport.Refusal(code: .poorOverlap, message: "too few"),
            PolicyReport.Refusal(code: .outsideSupport, message: "never seen"),
        ]
        let object = try json(report)
        #expect(object["refused"] as? Bool == true && object["refusal"] as? String == "too few; never seen")
        #expect(object["refusal_codes"] as? String == "poor_overlap outside_support")
        #expect(object["dr"] == nil && object["logged"] as? Double == 4)
        #expect(!PolicyTable(report, model: "v7").text.contains("dr "))
    }
}
