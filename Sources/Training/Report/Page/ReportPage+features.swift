/// What the model looks at.
extension ReportPage {
    /// Features shown one by one.
    private static let shownFeatures = 20

    var features: Markup? {
        guard let importances, !importances.features.isEmpty else { return nil }
        let shown = importances.features.prefix(Self.shownFeatures)
        let rest = importances.features.dropFirst(Self.shownFeatures)
        let largestGain = shown.map(\.gainShare).max() ?? 0
        let largestContribution = shown.map(\.meanAbsoluteContribution).max() ?? 0
        let rows: [Markup] = shown.map { feature in
            """
            <tr><th scope="row"><code>\(feature.name)</code></th>\
            <td>\(Self.meter(feature.meanAbsoluteContribution, of: largestContribution, style: 1, Figure.decimal(feature.meanAbsoluteContribution, 3)))</td>\
            <td>\(Self.meter(feature.gainShare, of: largestGain, style: 2, Figure.percent(feature.gainShare)))</td></tr>
            """
        }
        let others: Markup? =
            rest.isEmpty
            ? nil
            : """
            <p class="note">\(rest.count) more features: together \(Figure.percent(rest.reduce(0) { $0 + $1.gainShare })) of the gain, \
            mean contribution of the largest \(Figure.decimal(rest.first?.meanAbsoluteContribution ?? 0, 3)) log-odds.</p>
            """
        let title = rest.isEmpty ? "Importance of all \(shown.count) features" : "Importance, the \(shown.count) largest"
        let method = importances.isApproximate ? "approximate (Saabas)" : "exact (TreeSHAP)"
        return Self.section(
            "Features", "What the predictions depend on. It says nothing of causes: features that carry the same news share the credit.",
            [
                """
                <div class="card"><h3>\(title)</h3>\
                <p>Contribution: mean absolute SHAP value over \(Figure.count(importances.sampledRows)) test rows, \(method). Gain: share of \
                the loss reduction of all splits, on the training rows.</p>\
                <ul class="legend"><li><i class="swatch s1"></i>contribution [log-odds]</li>\
                <li><i class="swatch s2"></i>gain [share of all]</li></ul><table class="bars"><thead><tr><th>Feature</th><th>Contribution<small>log-odds</small></th>\
                <th>Gain<small>share of all</small></th></tr></thead><tbody>\(rows)</tbody></table>\(others)</div>
                """
            ])
    }

    private static func meter(_ value: Double, of largest: Double, style: Int, _ text: String) -> Markup {
        let width = largest > 0 && value.isFinite ? 72 * max(value, 0) / largest : 0
        return "<div class=\"meter\"><i class=\"s\(style)\" style=\"width:\(at: width)%\"></i><span>\(text)</span></div>"
    }
}
