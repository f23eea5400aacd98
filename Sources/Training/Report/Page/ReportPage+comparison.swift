/// The model beside baselines, the champion and the optimum.
extension ReportPage {
    var comparison: Markup? {
        let table: [Markup] = comparisons.isEmpty ? [] : [comparisonTable]
        let plots = Self.grid([plot(.logLoss), plot(.auc)].compactMap(\.self))
        return Self.section(
            "Comparison", "Every model on the same test rows. A difference is this model's value minus the other's.",
            table + plots + [optimumCard].compactMap(\.self))
    }

    private var comparisonTable: Markup {
        // Those at a threshold say more of the threshold than of the model.
        let measures = [Measure.auc, .prAUC, .logLoss, .brier, .ece].filter { measure in
            comparisons.contains { $0.values[measure] != nil }
        }
        let head: [Markup] = measures.map { measure in
            let unit = measure.unit.isEmpty ? "" : "\(measure.unit), "
            return "<th class=\"n\">\(measure.name)<small>\(unit)\(measure.isBetterWhenHigher ? "higher" : "lower") is better</small></th>"
        }
        let own: [Markup] = measures.map { cell(value($0), difference: nil, $0) }
        let rows: [Markup] = comparisons.map { comparison in
            let cells: [Markup] = measures.map { cell(comparison.values[$0], difference: comparison.differences[$0], $0) }
            let role: Markup? = comparison.isChampion ? "<small>champion</small>" : nil
            return "<tr><th scope=\"row\">\(comparison.name)\(role)</th>\(cells)</tr>"
        }
        return """
            <div class="card"><div class="scroll"><table><thead><tr><th>Model</th>\(head)</tr></thead><tbody>\
            <tr class="strong"><th scope="row">\(header.version)<small>this model</small></th>\(own)</tr>\(rows)</tbody></table></div></div>
            """
    }

    private func cell(_ estimate: Estimate?, difference: Estimate?, _ measure: Measure) -> Markup {
        guard let estimate else { return "<td class=\"n\">\(Figure.none)</td>" }
        let interval: Markup? = Self.interval(estimate).map { "<small>\($0)</small>" }
        let change: Markup? = difference.map { difference in
            let kind = Self.isBetter(difference, measure).map { $0 ? "good" : "bad" } ?? "plain"
            return
                "<small class=\"\(kind)\">\(Figure.signed(difference.value, Measure.digits)) \(Self.verdict(difference, measure))</small>"
        }
        return "<td class=\"n\">\(Figure.decimal(estimate.value, Measure.digits))\(interval)\(change)</td>"
    }

    /// Whether a difference speaks for this model beyond its interval; `nil` for neither.
    private static func isBetter(_ difference: Estimate, _ measure: Measure) -> Bool? {
        difference.excludesZero ? (difference.value > 0) == measure.isBetterWhenHigher : nil
    }

    private static func verdict(_ difference: Estimate, _ measure: Measure) -> String {
        isBetter(difference, measure).map { $0 ? "better" : "worse" } ?? "≈"
    }

    private func plot(_ measure: Measure) -> Markup? {
        var rows = comparisons.compactMap { comparison in
            comparison.differences[measure].map {
                IntervalPlot.Row(name: comparison.name, estimate: $0, isBetter: Self.isBetter($0, measure))
            }
        }
        guard !rows.isEmpty else { return nil }
        let remote = Self.remote(rows)
        rows.removeAll { remote == $0.name }
        let unit = measure.unit.isEmpty ? "" : " [\(measure.unit)]"
        let plot = IntervalPlot(
            description: "\(measure.name): differences from other models", label: "difference in \(measure.nameInSentence)\(unit)",
            rows: rows, digits: Measure.digits)
        let side = measure.isBetterWhenHigher ? "Right" : "Left"
        let rest = remote.map { " The difference from the \($0) is off this scale." } ?? ""
        return Self.card("\(measure.name): difference from", "\(side) of zero this model is better.\(rest)", plot.svg())
    }

    /// The other model that is so far off that the rest would be squeezed together.
    private static func remote(_ rows: [IntervalPlot.Row]) -> String? {
        let ordered = rows.filter(\.estimate.value.isFinite).sorted { abs($0.estimate.value) > abs($1.estimate.value) }
        guard ordered.count > 2, abs(ordered[0].estimate.value) > 3 * abs(ordered[1].estimate.value) else { return nil }
        return ordered[0].name
    }

    /// What part of the possible is reached: of the AUC above chance, and of the log loss.
    var optimumShares: (auc: Double, logLoss: Double)? {
        guard let optimum, let auc = value(.auc)?.value, let logLoss = value(.logLoss)?.value, auc.isFinite, logLoss.isFinite,
            optimum.auc.isFinite, optimum.auc > 0.5, optimum.logLoss.isFinite, optimum.logLoss > 0
        else { return nil }
        return ((auc - 0.5) / (optimum.auc - 0.5), logLoss / optimum.logLoss - 1)
    }

    private var optimumCard: Markup? {
        guard let optimum, let shares = optimumShares, let auc = value(.auc), let logLoss = value(.logLoss) else { return nil }
        let width = Figure.coordinate(100 * min(max(shares.auc, 0), 1))
        return Self.card(
            "Share of the possible",
            "The world's true chances are known here: no forecast can do better on average than one that states them.",
            """
            <div class="track" role="img" aria-label="\(Figure.percent(shares.auc))"><i class="s1" style="width:\(width)%"></i></div>\
            <dl><dt>AUC above chance</dt><dd>\(Figure.percent(shares.auc)) of the possible: \(Figure.decimal(auc.value, 4)) of \
            \(Figure.decimal(optimum.auc, 4))</dd><dt>Log loss</dt><dd>\(Figure.percent(shares.logLoss)) above the possible: \
            \(Figure.decimal(logLoss.value, 4)) against \(Figure.decimal(optimum.logLoss, 4)) nats</dd></dl>
            """)
    }
}
