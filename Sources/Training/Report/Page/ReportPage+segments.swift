/// How the model does for parts of the traffic.
extension ReportPage {
    var segmentTable: Markup? {
        let groups = segments.filter { !$0.segments.isEmpty }
        guard !groups.isEmpty else { return nil }
        let rates = groups.flatMap(\.segments).flatMap { [$0.rate, $0.meanPrediction] }.filter(\.isFinite)
        let axis = Axis.fitting(rates, label: "")
        let bodies: [Markup] = groups.map { group in
            """
            <tbody><tr class="group"><th colspan="9">\(group.dimension)</th></tr>\(group.segments.map { row($0, axis) })</tbody>
            """
        }
        return Self.section(
            "Segments",
            "The same measures for parts of the test rows. A triangle marks a gap that was judged to matter; small segments vary by chance.",
            [
                """
                <div class="card"><ul class="legend"><li><svg class="key" viewBox="0 0 26 10" aria-hidden="true">\
                <circle class="dot s1" cx="13" cy="5" r="4"/></svg>delivered</li><li><svg class="key" viewBox="0 0 26 10" \
                aria-hidden="true"><path class="dot s2" d="M13 0.6l4.4 4.4l-4.4 4.4l-4.4 -4.4z"/></svg>mean prediction</li></ul>\
                <div class="scroll"><table><thead><tr><th>Segment</th><th class="n">Rows</th><th class="n">Delivered</th>\
                <th class="n">Predicted<small>mean</small></th><th class="n">Gap<small>points</small></th>\
                <th><span class="ends"><span>\(Figure.percent(axis.range.lowerBound, 0))</span>\
                <span>\(Figure.percent(axis.range.upperBound, 0))</span></span></th>\
                <th class="n">AUC</th><th class="n">Log loss<small>nats</small></th><th class="n">Calibration<small>error</small></th></tr></thead>\
                \(bodies)</table></div></div>
                """
            ])
    }

    private func row(_ segment: Segment, _ axis: Axis) -> Markup {
        let gaps: [Markup] = segment.gaps.map { "<span class=\"gap\">\($0)</span>" }
        return """
            <tr><th scope="row">\(segment.name)\(gaps)</th><td class="n">\(Figure.count(segment.rows))</td>\
            <td class="n">\(Figure.percent(segment.rate))</td><td class="n">\(Figure.percent(segment.meanPrediction))</td>\
            <td class="n">\(Figure.signed(100 * (segment.meanPrediction - segment.rate), 1))</td>\
            <td>\(Self.twin(segment, axis))</td><td class="n">\(Figure.decimal(segment.auc, 3))</td>\
            <td class="n">\(Figure.decimal(segment.logLoss, 3))</td><td class="n">\(Figure.decimal(segment.calibrationError, 3))</td></tr>
            """
    }

    /// Observed and predicted rate as two dots on one line.
    private static func twin(_ segment: Segment, _ axis: Axis) -> Markup? {
        guard segment.rate.isFinite, segment.meanPrediction.isFinite else { return nil }
        let rate = axis.position(segment.rate, from: 6, to: 114)
        let predicted = axis.position(segment.meanPrediction, from: 6, to: 114)
        return """
            <svg class="twin" viewBox="0 0 120 14" aria-hidden="true"><line class="grid" x1="0" y1="7" x2="120" y2="7"/>\
            <line class="whisker s5" x1="\(at: rate)" y1="7" x2="\(at: predicted)" y2="7"/>\
            <circle class="dot s1" cx="\(at: rate)" cy="7" r="4"/>\
            <path class="dot s2" d="M\(at: predicted) 2.4l4.6 4.6l-4.6 4.6l-4.6 -4.6z"/></svg>
            """
    }
}
