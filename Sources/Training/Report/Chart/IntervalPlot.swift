/// Differences with their intervals, one below the other, around zero.
struct IntervalPlot {
    struct Row {
        var name: String
        var estimate: Estimate
        /// Whether it speaks for this model beyond its interval (true), against it (false), or neither.
        var isBetter: Bool?
    }

    var description: String
    var label: String
    var rows: [Row]
    var digits: Int

    private static let (left, right, top, step) = (150.0, Chart.width - 20, 12.0, 34.0)

    func svg() -> Markup {
        let values = rows.flatMap { [$0.estimate.value, $0.estimate.lower ?? $0.estimate.value, $0.estimate.upper ?? $0.estimate.value] }
        let x = Axis.fitting(values, label: label, includesZero: true)
        let bottom = Self.top + Self.step * Double(rows.count)
        let zero = x.position(0, from: Self.left, to: Self.right)
        let ticks: [Markup] = x.ticks.map { tick in
            let place = x.position(tick, from: Self.left, to: Self.right)
            return """
                <line class="grid" x1="\(at: place)" y1="\(at: Self.top)" x2="\(at: place)" y2="\(at: bottom)"/>\
                <text class="tick middle" x="\(at: place)" y="\(at: bottom + 10)" dy=".8em">\(x.format(tick))</text>
                """
        }
        return """
            <svg viewBox="0 0 \(at: Chart.width) \(at: bottom + 48)" role="img" aria-label="\(description)">\(ticks)\
            <line class="reference" x1="\(at: zero)" y1="\(at: Self.top)" x2="\(at: zero)" y2="\(at: bottom)"/>\
            \(rows.enumerated().map { draw($0.element, y: Self.top + Self.step * (Double($0.offset) + 0.5), x) })\
            <text class="title end" x="\(at: Self.right)" y="\(at: bottom + 42)">\(label)</text></svg>
            """
    }

    private func draw(_ row: Row, y: Double, _ x: Axis) -> Markup {
        let style = row.isBetter.map { $0 ? 3 : 2 } ?? 5
        let place = { (value: Double) in x.position(value, from: Self.left, to: Self.right) }
        var markup: Markup = """
            <text class="name end" x="\(at: Self.left - 12)" y="\(at: y)" dy=".32em">\(Self.shortened(row.name))</text>
            """
        guard row.estimate.value.isFinite else { return markup }
        if let interval = row.estimate.interval {
            markup += """
                <line class="whisker s\(style)" x1="\(at: place(interval.lowerBound))" y1="\(at: y)" \
                x2="\(at: place(interval.upperBound))" y2="\(at: y)"/>
                """
        }
        let hint = "\(row.name): \(Figure.signed(row.estimate.value, digits))"
        return """
            \(markup)<circle class="dot s\(style)" cx="\(at: place(row.estimate.value))" cy="\(at: y)" r="4.4"><title>\(hint)</title></circle>
            """
    }

    /// Names of versions can have 64 characters; the table has them whole.
    private static func shortened(_ name: String) -> String {
        name.count <= 20 ? name : name.prefix(19) + "…"
    }
}
