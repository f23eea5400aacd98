import Foundation
import Scoring
import Store
import Testing

@Suite struct PromotionReviewTests {
    private func evaluation(
        _ version: String, _ value: Double, _ interval: ClosedRange<Double>?, data: String = "d", rows: Double = 100,
        differences: [String: Manifest.Metric] = [:]
    ) -> ModelEvaluation {
        ModelEvaluation(
            version: version, logLoss: .init(value, lower: interval?.lowerBound, upper: interval?.upperBound), data: data, rowCount: rows,
            differences: differences)
    }

    @Test func withoutAChampionAnythingIsAccepted() {
        #expect(PromotionReview(of: evaluation("b", 9, nil), against: nil).verdict == .accepted)
    }

    @Test("Worse is refused only where the intervals do not touch, and the figures are said")
    func unpaired() {
        let champion = evaluation("a", 0.50, 0.49...0.51)
        #expect(PromotionReview(of: evaluation("b", 0.45, 0.44...0.46), against: champion).verdict == .accepted)
        #expect(PromotionReview(of: evaluation("b", 0.505, 0.495...0.515), against: champion).verdict == .accepted)
        #expect(PromotionReview(of: evaluation("b", 0.52, 0.51...0.53), against: champion).verdict == .accepted)
        let worse = PromotionReview(of: evaluation("b", 0.52, 0.5101...0.53), against: champion)
        #expect(worse.verdict == .worse)
        for figure in ["0.52000", "0.51010", "0.53000", "0.50000", "0.49000", "0.51000"] { #expect(worse.finding.contains(figure)) }
    }

    @Test("The paired difference on the same rows decides where there is one, also between different data")
    func paired() {
        let champion = evaluation("a", 0.50, 0.49...0.51, data: "other")
        func review(_ difference: Manifest.Metric) -> PromotionReview {
            PromotionReview(of: evaluation("b", 0.52, 0.511...0.53, differences: ["a": difference]), against: champion)
        }
        #expect(review(.init(0.001, lower: -0.001, upper: 0.003)).verdict == .accepted)
        #expect(review(.init(-0.001, lower: -0.002, upper: -0.0005)).finding.contains("is better"))
        let worse = review(.init(0.002, lower: 0.0005, upper: 0.003))
        #expect(worse.verdict == .worse)
        #expect(worse.finding.contains("0.00200 [0.00050, 0.00300]"))
        #expect(review(.init(0.002)).verdict == .incomparable)
    }

    @Test("Other rows, another model's difference or a missing interval cannot be compared, and the reason is said")
    func incomparable() {
        let champion = evaluation("a", 0.50, 0.49...0.51)
        let otherData = PromotionReview(of: evaluation("b", 0.4, 0.39...0.41, data: "e"), against: champion)
        #expect(otherData.verdict == .incomparable)
        #expect(otherData.finding.contains("different test rows"))
        #expect(PromotionReview(of: evaluation("b", 0.4, 0.39...0.41, rows: 99), against: champion).verdict == .incomparable)
        let others = ["c": Manifest.Metric(-0.1, lower: -0.2, upper: -0.05)]
        #expect(
            PromotionReview(of: evaluation("b", 0.4, 0.39...0.41, data: "e", differences: others), against: champion).verdict
                == .incomparable)
        let noInterval = PromotionReview(of: evaluation("b", 0.4, nil), against: champion)
        #expect(noInterval.verdict == .incomparable)
        #expect(noInterval.finding.contains("manifest of b"))
        #expect(
            PromotionReview(of: evaluation("b", 0.4, 0.39...0.41), against: evaluation("a", 0.5, nil)).finding.contains("manifest of a"))
        #expect(
            PromotionReview(
                of: ModelEvaluation(version: "b", logLoss: nil, data: "d", rowCount: 100), against: champion
            ).verdict == .incomparable)
    }

    @Test("The manifest's paired comparison with the champion counts against the parent it was trained to replace")
    func comparisonInTheManifest() throws {
        var fixture = ModelFixture(version: "v2")
        fixture.parent = "v1"
        let manifest = try fixture.manifest(for: fixture.ubjson())
        var object = try #require(JSONSerialization.jsonObject(with: Data(manifest.json())) as? [String: Any])
        let difference = ["value": 0.01, "lower": 0.005, "upper": 0.015]
        object["assessment"] = ["comparisons": ["champion": ["differences": ["log_loss": difference], "verdict": "worse"]]]
        let evaluation = ModelEvaluation(manifest, json: [UInt8](try JSONSerialization.data(withJSONObject: object)))
        #expect(evaluation.differences == ["v1": .init(0.01, lower: 0.005, upper: 0.015)])
        #expect(try ModelEvaluation(manifest, json: manifest.json()).differences == [:])
    }
}
