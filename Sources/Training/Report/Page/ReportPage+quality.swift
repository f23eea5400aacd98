/// The figures that come first, and what follows from them.
extension ReportPage {
    /// The design's bound on the calibration error.
    private static let calibrationGoal = 0.01

    var quality: Markup? {
        let tiles: [Markup] = metrics.map { value in
            let interval: Markup? = Self.interval(value.estimate).map { "<p>\($0)</p>" }
            let unit: Markup? = value.measure.unit.isEmpty ? nil : "<small> \(value.measure.unit)</small>"
            return """
                <div class="card tile"><h3>\(value.measure.name)</h3>\
                <p class="big">\(Figure.decimal(value.estimate.value, Measure.digits))\(unit)</p>\(interval)\
                <p>\(value.measure.meaning), \(value.measure.isBetterWhenHigher ? "higher is better" : "lower is better")</p></div>
                """
        }
        let findings: [Markup] = findings.map { finding in
            let kind = finding.isGood.map { $0 ? "good" : "bad" } ?? "plain"
            return "<li class=\"\(kind)\">\(finding.text)</li>"
        }
        guard !tiles.isEmpty else { return nil }
        let summary: Markup? = findings.isEmpty ? nil : "<div class=\"card\"><h3>In short</h3><ul class=\"findings\">\(findings)</ul></div>"
        return """
            <h2>Quality</h2><p>Measured on \(Figure.count(header.parts.last?.rows ?? 0)) test rows, with 95 % intervals below each \
            figure.</p>\(summary)<div class="tiles">\(tiles)</div>
            """
    }

    /// A sentence, and whether it speaks for the model.
    struct Finding: Equatable {
        var isGood: Bool?
        var text: String
    }

    var findings: [Finding] {
        comparisons.compactMap(Self.finding) + [optimumFinding, calibrationFinding, segmentFinding].compactMap(\.self)
    }

    private static func finding(_ comparison: Comparison) -> Finding? {
        guard let difference = comparison.differences[.logLoss], difference.value.isFinite else { return nil }
        let name = comparison.isChampion ? "the champion, \(comparison.name)" : "the \(comparison.name)"
        let size = "\(Figure.decimal(abs(difference.value), Measure.digits)) nats"
        guard difference.interval != nil else { return Finding(text: "Log loss differs from \(name) by \(size); no interval is known.") }
        guard difference.excludesZero else {
            return Finding(isGood: nil, text: "Not distinguishable from \(name): log loss differs by \(size), within the interval.")
        }
        return difference.value < 0
            ? Finding(isGood: true, text: "Better than \(name): log loss lower by \(size), beyond the interval.")
            : Finding(isGood: false, text: "Worse than \(name): log loss higher by \(size), beyond the interval.")
    }

    private var optimumFinding: Finding? {
        guard let shares = optimumShares else { return nil }
        return Finding(
            text: "Of what the best possible forecast gains in AUC over chance, \(Figure.percent(shares.auc)); log loss "
                + "\(Figure.percent(shares.logLoss)) above the best possible.")
    }

    private var calibrationFinding: Finding? {
        guard let error = value(.ece), error.value.isFinite else { return nil }
        let isGood = error.value <= Self.calibrationGoal
        let goal = Figure.decimal(Self.calibrationGoal, 2)
        return Finding(
            isGood: isGood,
            text: "Calibration error \(Figure.decimal(error.value, Measure.digits)), \(isGood ? "within" : "above") the goal of \(goal).")
    }

    private var segmentFinding: Finding? {
        let all = segments.flatMap(\.segments)
        guard !all.isEmpty else { return nil }
        let flagged = all.filter { !$0.gaps.isEmpty }.count
        return flagged == 0
            ? Finding(isGood: true, text: "None of \(all.count) segments stands out.")
            : Finding(isGood: false, text: "\(flagged) of \(all.count) segments stand out with a gap to the rest.")
    }
}
