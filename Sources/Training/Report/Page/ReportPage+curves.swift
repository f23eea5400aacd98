/// How well the model ranks, and how far its probabilities can be taken at their word.
extension ReportPage {
    var ranking: Markup? {
        Self.section(
            "Ranking", "How well the model tells attempts that will be delivered from those that will not, whatever the scale.",
            Self.grid([rocCard, precisionRecallCard].compactMap(\.self)) + [thresholdCard].compactMap(\.self))
    }

    private var rocCard: Markup? {
        roc.map { curve in
            Self.card(
                "ROC", "Area under the curve \(Figure.decimal(curve.auc, Measure.digits)).",
                Chart(
                    description: "ROC curve, area \(Figure.decimal(curve.auc, Measure.digits))",
                    x: .share("false positive rate: failed attempts predicted to be delivered"),
                    y: .share("true positive rate: delivered attempts predicted so"),
                    series: [Self.line(header.version, curve.points)],
                    references: [Chart.Reference(name: "chance", from: (0, 0), to: (1, 1))]))
        }
    }

    private var precisionRecallCard: Markup? {
        precisionRecall.map { curve in
            Self.card(
                "Precision and recall", "Average precision \(Figure.decimal(curve.averagePrecision, Measure.digits)).",
                Chart(
                    description: "Precision by recall, average precision \(Figure.decimal(curve.averagePrecision, Measure.digits))",
                    x: .share("recall: share of the delivered attempts that is found"),
                    y: .share("precision: share of those found that was delivered"),
                    series: [Self.line(header.version, curve.points)],
                    references: [
                        Chart.Reference(
                            name: "base rate \(Figure.percent(curve.baseRate))", from: (0, curve.baseRate), to: (1, curve.baseRate))
                    ]))
        }
    }

    private static func line(_ name: String, _ points: [CurvePoint]) -> Chart.Series {
        Chart.Series(name: name, style: 1, points: points.map { ($0.x, $0.y) })
    }

    private var thresholdCard: Markup? {
        thresholds.map { table in
            let rows: [Markup] = table.rows.map { row in
                let figures: [Markup] = [row.predictedShare, row.precision, row.recall, row.specificity, row.f1, row.accuracy].map {
                    "<td class=\"n\">\(Figure.percent($0))</td>"
                }
                let note: Markup? = row.isOperating ? "<small>operating threshold</small>" : nil
                let start: Markup = row.isOperating ? "<tr class=\"strong\">" : "<tr>"
                return "\(start)<th scope=\"row\">\(Figure.trimmed(row.threshold))\(note)</th>\(figures)</tr>"
            }
            return Self.card(
                "Thresholds", "What becomes of the predictions where P(success) is cut into yes and no.",
                """
                <div class="scroll"><table><thead><tr><th>P(success) at least</th><th class="n">Predicted<small>of all attempts</small></th>\
                <th class="n">Precision</th><th class="n">Recall</th><th class="n">Specificity</th><th class="n">F1</th>\
                <th class="n">Accuracy</th></tr></thead><tbody>\(rows)</tbody></table></div>
                """)
        }
    }

    var calibration: Markup? {
        Self.section(
            "Calibration", "Whether of all attempts with a predicted chance of 70 %, 70 % are delivered.",
            Self.grid([reliabilityCard, histogramCard].compactMap(\.self)) + [countsCard].compactMap(\.self))
    }

    /// The rate of fewer rows than this says nothing; the table has them all.
    private static let minimumBinRows = 30

    private var reliabilityCard: Markup? {
        reliability.map { reliability in
            var series: [Chart.Series] = []
            if let before = reliability.before {
                series.append(Self.reliabilitySeries("model's own probability", 2, before, hasIntervals: false))
            }
            let name = reliability.before == nil ? "probability" : "after \(reliability.kind) calibration"
            series.append(Self.reliabilitySeries(name, 1, reliability.after, hasIntervals: true))
            let chart = Chart(
                description: "Observed by predicted rate", x: .share("predicted P(success), mean of the bin"),
                y: .share("observed: share delivered"), series: series,
                references: [Chart.Reference(name: "perfect", from: (0, 0), to: (1, 1))])
            let counts = CountStrip(
                label: "rows by bin", hint: "rows", bars: reliability.after.bins.map { ($0.range, $0.count) })
            return Self.card(
                "Reliability",
                "Bins of equal width with \(Self.minimumBinRows) rows or more; whiskers are 95 % intervals of the observed rate.",
                "\(chart.legend())\(chart.svg())\(counts.svg())")
        }
    }

    private static func reliabilitySeries(_ name: String, _ style: Int, _ curve: ReliabilityCurve, hasIntervals: Bool) -> Chart.Series {
        let bins = curve.bins.filter { $0.count >= Self.minimumBinRows }
        return Chart.Series(
            name: name, style: style, shape: .dots, points: bins.map { ($0.predicted, $0.observed) },
            hints: bins.map {
                "predicted \(Figure.percent($0.predicted)), observed \(Figure.percent($0.observed)), \(Figure.count($0.count)) rows"
            },
            intervals: hasIntervals ? bins.map(\.interval) : [])
    }

    /// The rows behind each point of the reliability curve.
    private var countsCard: Markup? {
        reliability.map { reliability in
            let curves = [reliability.after] + [reliability.before].compactMap(\.self)
            let starts = Set(curves.flatMap { $0.bins.map(\.range.lowerBound) }).sorted()
            let rows: [Markup] = starts.map { start in
                let cells: [Markup] = curves.map { curve in
                    guard let bin = curve.bins.first(where: { $0.range.lowerBound == start }) else {
                        return "<td class=\"n\">0</td><td class=\"n\">\(Figure.none)</td>"
                    }
                    return "<td class=\"n\">\(Figure.count(bin.count))</td><td class=\"n\">\(Figure.percent(bin.observed))</td>"
                }
                let end = start + 1 / Double(ReliabilityCurve.binCount)
                return "<tr><th scope=\"row\">\(Figure.percent(start, 0)) – \(Figure.percent(end, 0))</th>\(cells)</tr>"
            }
            let second: Markup? = reliability.before.map { _ in
                "<th class=\"n\">Rows<small>before</small></th><th class=\"n\">Observed<small>before</small></th>"
            }
            let note = reliability.before == nil ? "" : "after calibration"
            return """
                <div class="card"><details><summary>Rows and observed rate by bin</summary><div class="scroll"><table class="dense"><thead>\
                <tr><th>Predicted</th><th class="n">Rows<small>\(note)</small></th><th class="n">Observed<small>\(note)</small></th>\(second)\
                </tr></thead><tbody>\(rows)</tbody></table></div></details></div>
                """
        }
    }

    private var histogramCard: Markup? {
        histogram.map { histogram in
            let delivered = histogram.delivered.reduce(0, +)
            let failed = histogram.failed.reduce(0, +)
            let drawing = MirroredHistogram(
                description: "Histogram of predicted probabilities by outcome", above: histogram.delivered, below: histogram.failed,
                x: .share("predicted P(success)"), label: "rows a bin of \(Figure.percent(1 / Double(ProbabilityHistogram.binCount)))",
                names: ("delivered", "not delivered"))
            return Self.card(
                "Predictions by outcome", "The further apart the two, the better the model separates them.",
                """
                <ul class="legend"><li><i class="swatch s1"></i>delivered (\(Figure.count(delivered)) rows), upwards</li>\
                <li><i class="swatch s2"></i>not delivered (\(Figure.count(failed)) rows), downwards</li></ul>\(drawing.svg())
                """)
        }
    }
}
