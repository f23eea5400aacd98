/// A chart with two axes, drawn as SVG; its colours are classes of the page's style.
struct Chart {
    /// A line or dots through points.
    struct Series {
        enum Shape {
            case line
            /// Dots joined by a line, each with a hint of its own.
            case dots
        }

        var name: String
        /// Of the page's colours, from 1; the dash pattern differs too.
        var style: Int
        var shape = Shape.line
        var points: [(x: Double, y: Double)]
        /// For each point, what is shown when the pointer rests on it.
        var hints: [String] = []
        /// For each point, the interval of `y`.
        var intervals: [ClosedRange<Double>] = []
    }

    /// A line for orientation.
    struct Reference {
        var name: String
        var from: (x: Double, y: Double)
        var to: (x: Double, y: Double)
    }

    /// A point that stands out.
    struct Mark {
        var name: String
        var style: Int
        var at: (x: Double, y: Double)
    }

    /// Units of the drawing; the page scales it to the width there is.
    static let width = 480.0
    static let left = 56.0
    static let right = width - 22
    private static let top = 30.0

    /// For readers that do not see it.
    var description: String
    var x: Axis
    var y: Axis
    var series: [Series]
    var references: [Reference] = []
    var marks: [Mark] = []
    var height = 300.0

    private var bottom: Double { height - 48 }

    func svg() -> Markup {
        """
        <svg viewBox="0 0 \(at: Self.width) \(at: height)" role="img" aria-label="\(description)">\
        \(horizontalTicks)\(verticalTicks)\(titles)\
        <line class="axis" x1="\(at: Self.left)" y1="\(at: bottom)" x2="\(at: Self.right)" y2="\(at: bottom)"/>\
        \(references.map(draw))\(series.map(draw))\(marks.map(draw))</svg>
        """
    }

    /// What is which, above the drawing.
    func legend() -> Markup {
        var entries: [Markup] = series.map { series in
            """
            <li><svg class="key" viewBox="0 0 26 10" aria-hidden="true"><line class="line s\(series.style)" x1="1" y1="5" x2="25" y2="5"/>\
            \(series.shape == .dots ? Self.dot(series.style, 13, 5) : nil)</svg>\(series.name)</li>
            """
        }
        entries += references.filter { !$0.name.isEmpty }.map { reference in
            """
            <li><svg class="key" viewBox="0 0 26 10" aria-hidden="true"><line class="reference" x1="1" y1="5" x2="25" y2="5"/></svg>\
            \(reference.name)</li>
            """
        }
        entries += marks.map { mark in
            "<li><svg class=\"key\" viewBox=\"0 0 26 10\" aria-hidden=\"true\">\(Self.ring(mark.style, 13, 5))</svg>\(mark.name)</li>"
        }
        return "<ul class=\"legend\">\(entries)</ul>"
    }

    private func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
        (x.position(point.x, from: Self.left, to: Self.right), y.position(point.y, from: bottom, to: Self.top))
    }

    private var horizontalTicks: [Markup] {
        y.ticks.map { tick in
            let height = y.position(tick, from: bottom, to: Self.top)
            return """
                <line class="grid" x1="\(at: Self.left)" y1="\(at: height)" x2="\(at: Self.right)" y2="\(at: height)"/>\
                <text class="tick end" x="\(at: Self.left - 8)" y="\(at: height)" dy=".32em">\(y.format(tick))</text>
                """
        }
    }

    private var verticalTicks: [Markup] {
        x.ticks.map { tick in
            let place = x.position(tick, from: Self.left, to: Self.right)
            return """
                <line class="axis" x1="\(at: place)" y1="\(at: bottom)" x2="\(at: place)" y2="\(at: bottom + 4)"/>\
                <text class="tick middle" x="\(at: place)" y="\(at: bottom + 10)" dy=".8em">\(x.format(tick))</text>
                """
        }
    }

    private var titles: Markup {
        """
        <text class="title" x="4" y="14">\(y.label)</text>\
        <text class="title end" x="\(at: Self.right)" y="\(at: height - 5)">\(x.label)</text>
        """
    }

    private func draw(_ reference: Reference) -> Markup {
        let (from, to) = (place(reference.from), place(reference.to))
        return "<line class=\"reference\" x1=\"\(at: from.x)\" y1=\"\(at: from.y)\" x2=\"\(at: to.x)\" y2=\"\(at: to.y)\"/>"
    }

    private func draw(_ series: Series) -> Markup {
        let drawn = series.points.enumerated().filter { $0.element.x.isFinite && $0.element.y.isFinite }
        var path: Markup = ""
        for (order, point) in drawn.enumerated() {
            let place = place(point.element)
            path += "\(order == 0 ? "M" : "L")\(at: place.x) \(at: place.y)"
        }
        var markup: Markup = "<path class=\"line s\(series.style)\" d=\"\(path)\"/>"
        for (index, point) in drawn {
            if index < series.intervals.count {
                let low = place((point.x, series.intervals[index].lowerBound))
                let high = place((point.x, series.intervals[index].upperBound))
                markup += """
                    <line class="whisker s\(series.style)" x1="\(at: low.x)" y1="\(at: low.y)" x2="\(at: high.x)" y2="\(at: high.y)"/>
                    """
            }
            let place = place(point)
            if series.shape == .dots { markup += Self.dot(series.style, place.x, place.y) }
            if index < series.hints.count {
                markup += """
                    <circle class="hint" cx="\(at: place.x)" cy="\(at: place.y)" r="9"><title>\(series.hints[index])</title></circle>
                    """
            }
        }
        return markup
    }

    private func draw(_ mark: Mark) -> Markup {
        let place = place(mark.at)
        return Self.ring(mark.style, place.x, place.y)
    }

    /// Another form for each style, so that none is told by its colour alone.
    private static func dot(_ style: Int, _ x: Double, _ y: Double) -> Markup {
        style % 2 == 1
            ? "<circle class=\"dot s\(style)\" cx=\"\(at: x)\" cy=\"\(at: y)\" r=\"3.4\"/>"
            : "<path class=\"dot s\(style)\" d=\"M\(at: x) \(at: y - 4.4)l4.4 4.4l-4.4 4.4l-4.4 -4.4z\"/>"
    }

    private static func ring(_ style: Int, _ x: Double, _ y: Double) -> Markup {
        "<circle class=\"ring s\(style)\" cx=\"\(at: x)\" cy=\"\(at: y)\" r=\"4.2\"/>"
    }
}
