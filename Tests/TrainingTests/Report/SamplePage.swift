import Foundation
import Scoring
import Training

/// A page with every section, of made-up rows.
enum SamplePage {
    /// Predictions with outcomes that come true as often as `truth` of the prediction says.
    static func rows(_ count: Int, seed: UInt64 = 3, truth: (Double) -> Double = { $0 }) -> (probabilities: [Float], labels: [Float]) {
        var generator = SeededGenerator(state: seed)
        var (probabilities, labels): ([Float], [Float]) = ([], [])
        for _ in 0..<count {
            let u = Double.random(in: 0..<1, using: &generator)
            let v = Double.random(in: 0..<1, using: &generator)
            let probability = 0.02 + 0.96 * (u < 0.6 ? pow(v, 0.3) : pow(v, 1.6))
            probabilities.append(Float(probability))
            labels.append(Double.random(in: 0..<1, using: &generator) < truth(probability) ? 1 : 0)
        }
        return (probabilities, labels)
    }

    static var header: ReportPage.Header {
        ReportPage.Header(
            version: "20260204-093000", createdAt: time("2026-02-04T09:30:00Z"), parentVersion: "v1", model: "96 trees of depth 6",
            source: "notifications.csv", sourceSHA256: String(repeating: "5feb2a4b", count: 8), from: time("2026-01-05T00:01:05Z"),
            to: time("2026-02-05T02:24:03Z"),
            parts: [
                ReportPage.Part(name: "training", purpose: "the trees", rows: 65_004, rate: 0.6241, from: time("2026-01-05T00:01:05Z")),
                ReportPage.Part(name: "validation", purpose: "their number", rows: 9_998, rate: 0.6192, from: time("2026-01-25T03:11:40Z")),
                ReportPage.Part(name: "calibration", purpose: "the scale", rows: 9_998, rate: 0.6192, from: time("2026-01-28T08:45:10Z")),
                ReportPage.Part(name: "test", purpose: "only measures", rows: 15_000, rate: 0.6254, from: time("2026-01-31T13:20:02Z")),
            ], pendingRows: 25, featureCount: 43, schemaFingerprint: String(repeating: "a0c4d1e9", count: 8))
    }

    static var full: ReportPage {
        let after = rows(15_000)
        let before = rows(15_000, truth: { 0.5 + 0.72 * ($0 - 0.5) })
        var page = ReportPage(header: header, metrics: metrics)
        page.optimum = ReportPage.Optimum(auc: 0.8298, logLoss: 0.4502)
        page.comparisons = comparisons
        page.roc = ROCCurve(probabilities: after.probabilities, labels: after.labels)
        page.precisionRecall = PrecisionRecallCurve(probabilities: after.probabilities, labels: after.labels)
        page.reliability = ReportPage.Reliability(
            kind: "isotonic", before: ReliabilityCurve(probabilities: before.probabilities, labels: before.labels),
            after: ReliabilityCurve(probabilities: after.probabilities, labels: after.labels))
        page.histogram = ProbabilityHistogram(probabilities: after.probabilities, labels: after.labels)
        page.thresholds = ThresholdTable(probabilities: after.probabilities, labels: after.labels, operatingThreshold: 0.41)
        page.importances = importances
        page.segments = segments
        page.learning = LearningCurve(
            points: zip(LearningCurve.shares, [(0.4831, 0.7902), (0.4752, 0.7991), (0.4697, 0.8066), (0.4668, 0.8101), (0.4657, 0.8117)])
                .map { LearningCurve.Point(share: $0, trainingRows: Int($0 * 65_004), logLoss: $1.0, auc: $1.1) }, trees: 96)
        page.boosting = BoostingCurve(
            points: stride(from: 1, through: 96, by: 5).map { trees in
                BoostingCurve.Point(
                    trees: trees, training: 0.42 + 0.23 * exp(-Double(trees) / 18), validation: 0.466 + 0.19 * exp(-Double(trees) / 15))
            })
        page.trials = trials
        return page
    }

    private static var metrics: [ReportPage.MeasuredValue] {
        [
            .init(.auc, Estimate(0.8117, lower: 0.8047, upper: 0.8186)), .init(.prAUC, Estimate(0.8661, lower: 0.8596, upper: 0.8723)),
            .init(.logLoss, Estimate(0.4657, lower: 0.4577, upper: 0.4738)), .init(.brier, Estimate(0.1508, lower: 0.1476, upper: 0.1541)),
            .init(.ece, Estimate(0.0084, lower: 0.0051, upper: 0.0117)), .init(.precision, Estimate(0.7711, lower: 0.763, upper: 0.779)),
            .init(.recall, Estimate(0.9123, lower: 0.905, upper: 0.919)), .init(.f1, Estimate(0.8358, lower: 0.829, upper: 0.842)),
        ]
    }

    private static var comparisons: [ReportPage.Comparison] {
        [
            ("prior", false, [0.5, 0.6254, 0.6614, 0.2343, 0.0002], [0.3117, 0.2407, -0.1957, -0.0835, 0.0082], 0.004),
            ("logistic regression", false, [0.7581, 0.8235, 0.5182, 0.1711, 0.0143], [0.0536, 0.0426, -0.0525, -0.0203, -0.0059], 0.003),
            ("random forest", false, [0.7971, 0.8522, 0.4788, 0.1557, 0.0098], [0.0146, 0.0139, -0.0131, -0.0049, -0.0014], 0.0021),
            ("v1", true, [0.8109, 0.8659, 0.4663, 0.151, 0.0091], [0.0008, 0.0002, -0.0006, -0.0002, -0.0007], 0.0012),
        ].map { name, isChampion, values, differences, half in
            let measures: [Measure] = [.auc, .prAUC, .logLoss, .brier, .ece]
            return ReportPage.Comparison(
                name: name, isChampion: isChampion,
                values: zip(measures, values).map { .init($0, Estimate($1, lower: $1 - half, upper: $1 + half)) },
                differences: zip(measures, differences).map { .init($0, Estimate($1, lower: $1 - half, upper: $1 + half)) })
        }
    }

    private static var importances: FeatureImportances {
        let names = [
            "provider_country_success_rate_short", "previous_attempts", "last_status", "provider", "seconds_since_last_attempt",
            "recipient_country", "local_hour", "response_class", "delay_ms", "provider_success_rate_short", "provider_success_rate_long",
            "provider_template_success_rate_short", "channel_country_success_rate_long", "payload_size", "template_type", "local_weekday",
            "provider_throttle_rate_short", "provider_latency_ms_short", "age_seconds", "seconds_to_expiry", "channel", "route_changed",
            "seconds_since_route_success",
        ]
        return FeatureImportances(
            features: names.enumerated().map { index, name in
                FeatureImportances.Feature(
                    name: name, gainShare: 0.21 / (1 + 0.6 * Double((index * 7) % 23)),
                    meanAbsoluteContribution: 0.62 * pow(0.82, Double(index)))
            }, sampledRows: 2000, isApproximate: false)
    }

    private static var segments: [ReportPage.SegmentGroup] {
        var generator = SeededGenerator(state: 8)
        func group(_ dimension: String, _ names: [String]) -> ReportPage.SegmentGroup {
            ReportPage.SegmentGroup(
                dimension: dimension,
                segments: names.map { name in
                    let rate = Double.random(in: 0.3...0.8, using: &generator)
                    let shift = Double.random(in: -0.03...0.03, using: &generator)
                    return ReportPage.Segment(
                        name: name, rows: Int.random(in: 90...6000, using: &generator), rate: rate, meanPrediction: rate + shift,
                        auc: Double.random(in: 0.7...0.85, using: &generator), logLoss: Double.random(in: 0.4...0.55, using: &generator),
                        calibrationError: abs(shift) + 0.008,
                        gaps: shift > 0.027 ? ["predicts 2.9 points too much, beyond its interval"] : [])
                })
        }
        return [
            group("Channel", ["email", "sms", "push"]),
            group("Provider", ["em-a", "em-b", "em-c", "pu-a", "pu-b", "pu-c", "sm-a", "sm-b", "sm-c"]),
            group(
                "Country",
                "AE AR AU BR CA CN DE EG ES FR GB ID IN IT JP KE MX NG PH PL TR UA US VN ZA".split(separator: " ").map(String.init)),
            group("Template", ["otp", "transactional", "alert", "marketing"]), group("Attempt", ["1st", "2nd", "3rd", "4th", "5th"]),
        ]
    }

    private static var trials: [ReportPage.Trial] {
        [("0.1", "6", 0.466_31, 118), ("0.2", "6", 0.465_72, 96), ("0.2", "8", 0.466_9, 61), ("0.3", "4", 0.467_7, 119)].map {
            ReportPage.Trial(
                parameters: [("eta", $0.0), ("max_depth", $0.1), ("min_child_weight", "5"), ("lambda", "1.0")],
                validationLogLoss: $0.2, trees: $0.3, isChosen: $0.3 == 96)
        }
    }

    private static func time(_ text: String) -> Timestamp {
        Timestamp(rfc3339: text) ?? Timestamp(milliseconds: 0)
    }
}
