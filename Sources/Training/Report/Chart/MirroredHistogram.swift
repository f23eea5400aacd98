/// Two histograms over the same bins, one upwards and one downwards.
struct MirroredHistogram {
    var description: String
    var above: [Int]
    var below: [Int]
    var x: Axis
    /// With its unit.
    var label: String
    /// What the two are, for hints.
    var names: (above: String, below: String)

    private static let (left, right, top, height) = (Chart.left, Chart.right, 30.0, 372.0)
    private static let bottom = height - 48

    func svg() -> Markup {
        let y = Axis.fitting([-Double(max(below.max() ?? 0, 1)), Double(max(above.max() ?? 0, 1))], label: label) {
            Figure.tick(count: abs($0))
        }
        let zero = y.position(0, from: Self.bottom, to: Self.top)
        let width = (Self.right - Self.left) / Double(max(above.count, 1))
        var bars: Markup = ""
        for (counts, style, direction, name) in [(above, 1, 1.0, names.above), (below, 2, -1.0, names.below)] {
            for (index, count) in counts.enumerated() where count > 0 {
                let end = y.position(direction * Double(count), from: Self.bottom, to: Self.top)
                let start = Double(index) / Double(counts.count)
                let range = "\(Figure.percent(start)) to \(Figure.percent(start + 1 / Double(counts.count)))"
                bars += """
                    <rect class="bar s\(style)" x="\(at: Self.left + Double(index) * width + 0.6)" y="\(at: min(zero, end))" \
                    width="\(at: width - 1.2)" height="\(at: abs(end - zero))"><title>\(range): \(Figure.count(count)) \(name)</title></rect>
                    """
            }
        }
        return """
            <svg viewBox="0 0 \(at: Chart.width) \(at: Self.height)" role="img" aria-label="\(description)">\
            \(grid(y))\(ticks)<text class="title" x="4" y="14">\(label)</text>\
            <text class="title end" x="\(at: Self.right)" y="\(at: Self.height - 5)">\(x.label)</text>\(bars)\
            <line class="axis" x1="\(at: Self.left)" y1="\(at: zero)" x2="\(at: Self.right)" y2="\(at: zero)"/></svg>
            """
    }

    private func grid(_ y: Axis) -> [Markup] {
        y.ticks.map { tick in
            let place = y.position(tick, from: Self.bottom, to: Self.top)
            return """
                <line class="grid" x1="\(at: Self.left)" y1="\(at: place)" x2="\(at: Self.right)" y2="\(at: place)"/>\
                <text class="tick end" x="\(at: Self.left - 8)" y="\(at: place)" dy=".32em">\(y.format(tick))</text>
                """
        }
    }

    private var ticks: [Markup] {
        x.ticks.map { tick in
            let place = x.position(tick, from: Self.left, to: Self.right)
            return "<text class=\"tick middle\" x=\"\(at: place)\" y=\"\(at: Self.bottom + 10)\" dy=\".8em\">\(x.format(tick))</text>"
        }
    }
}
