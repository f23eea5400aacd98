/// How the model came about, and what it came from.
extension ReportPage {
    var trainingCurves: Markup? {
        Self.section(
            "Training", "How the trees were grown, and whether more rows would help.",
            Self.grid([boostingCard, learningCard].compactMap(\.self)) + [trialsCard].compactMap(\.self))
    }

    private var boostingCard: Markup? {
        guard let boosting, let last = boosting.points.last else { return nil }
        let losses = boosting.points.flatMap { [$0.training, $0.validation] }
        let series = [("validation part", 1, \BoostingCurve.Point.validation), ("training part", 2, \.training)].map { name, style, loss in
            Chart.Series(name: name, style: style, points: boosting.points.map { (Double($0.trees), $0[keyPath: loss]) })
        }
        let mark = Chart.Mark(name: "kept: \(last.trees) trees", style: 3, at: (Double(last.trees), last.validation))
        return Self.card(
            "Boosting", "Training ended where further trees no longer helped on the validation part.",
            Chart(
                description: "Log loss by number of trees", x: .upTo([Double(last.trees)], label: "trees", format: Figure.tick),
                y: .fitting(losses, label: "log loss [nats], before calibration"), series: series,
                marks: last.validation.isFinite ? [mark] : [], height: 372))
    }

    private var learningCard: Markup? {
        guard let learning, learning.points.count > 1 else { return nil }
        let rows = Axis.upTo(learning.points.map { Double($0.trainingRows) }, label: "training rows", format: Figure.tick)
        let charts: [Markup] = [(Measure.logLoss, \LearningCurve.Point.logLoss, 1), (.auc, \.auc, 3)].map { measure, value, style in
            let unit = measure.unit.isEmpty ? "" : " [\(measure.unit)]"
            let direction = measure.isBetterWhenHigher ? "higher" : "lower"
            return Chart(
                description: "\(measure.name) on the test rows by number of training rows", x: rows,
                y: .fitting(learning.points.map { $0[keyPath: value] }, label: "\(measure.nameInSentence)\(unit), \(direction) is better"),
                series: [
                    Chart.Series(
                        name: measure.name, style: style, shape: .dots,
                        points: learning.points.map { (Double($0.trainingRows), $0[keyPath: value]) },
                        hints: learning.points.map { point in
                            let figure = Figure.decimal(point[keyPath: value], Measure.digits)
                            return "\(Figure.percent(point.share, 0)), \(Figure.count(point.trainingRows)) rows: \(figure)"
                        })
                ], height: 202
            ).svg()
        }
        return Self.card(
            "Learning", "\(learning.trees) trees on shares of the training part's notifications; test rows, before calibration.",
            "\(charts)")
    }

    private var trialsCard: Markup? {
        guard let first = trials.first else { return nil }
        let names: [Markup] = first.parameters.map { "<th class=\"n\">\($0.name)</th>" }
        let rows: [Markup] = trials.sorted { $0.validationLogLoss < $1.validationLogLoss }.map { trial in
            let values: [Markup] = trial.parameters.map { "<td class=\"n\">\($0.value)</td>" }
            let start: Markup = trial.isChosen ? "<tr class=\"strong\">" : "<tr>"
            let note: Markup? = trial.isChosen ? "<small>chosen</small>" : nil
            return """
                \(start)<th scope="row">\(Figure.decimal(trial.validationLogLoss, 5))\(note)</th>\
                <td class="n">\(Figure.count(trial.trees))</td>\(values)</tr>
                """
        }
        return Self.card(
            "Search", "\(trials.count) sets of parameters, the best first.",
            """
            <div class="scroll"><table><thead><tr><th>Validation log loss<small>nats</small></th><th class="n">Trees</th>\(names)</tr>\
            </thead><tbody>\(rows)</tbody></table></div>
            """)
    }

    var data: Markup? {
        let parts: [Markup] = header.parts.map { part in
            """
            <tr><th scope="row">\(part.name)<small>\(part.purpose)</small></th><td class="n">\(Figure.count(part.rows))</td>\
            <td class="n">\(Figure.percent(part.rate))</td><td class="n">\(part.from.map(Self.time) ?? Figure.none)</td></tr>
            """
        }
        let facts: [(String, Markup)] = [
            ("Version", "\(header.version)"), ("Parent", "\(header.parentVersion ?? "none")"),
            ("Created", "\(Self.time(header.createdAt))"),
            ("Model", "\(header.model)"), ("Data set", "\(header.source)"),
            ("Decisions", "\(Self.time(header.from)) to \(Self.time(header.to))"),
            ("Pending", "\(Figure.count(header.pendingRows)) rows left out, their outcome not known yet"),
            ("Features", "\(header.featureCount)"), ("Schema", "<code>\(header.schemaFingerprint)</code>"),
            ("SHA-256 of the data", "<code>\(header.sourceSHA256)</code>"),
        ]
        return Self.section(
            "Data", "Divided by the creation of the notification: what the model is measured on is later than what it learnt from.",
            Self.grid([
                Self.card(
                    "Parts", nil,
                    """
                    <div class="scroll"><table><thead><tr><th>Part</th><th class="n">Rows</th><th class="n">Delivered</th>\
                    <th class="n">From</th></tr></thead><tbody>\(parts)</tbody></table></div>
                    """),
                Self.card("Origin", nil, "<dl>\(facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as Markup })</dl>"),
            ]))
    }
}
