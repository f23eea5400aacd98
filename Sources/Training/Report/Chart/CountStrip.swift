/// Small bars below a chart, over the same range of shares: how many rows are behind each part of it.
struct CountStrip {
    var label: String
    /// What is counted, for hints.
    var hint: String
    /// Ranges in [0, 1] with their counts.
    var bars: [(range: ClosedRange<Double>, count: Int)]

    private static let (top, bottom, height) = (20.0, 66.0, 72.0)

    func svg() -> Markup {
        let largest = Double(max(bars.map(\.count).max() ?? 0, 1))
        let x = Axis.share("")
        let drawn: [Markup] = bars.map { bar in
            let left = x.position(bar.range.lowerBound, from: Chart.left, to: Chart.right)
            let right = x.position(bar.range.upperBound, from: Chart.left, to: Chart.right)
            let height = (Self.bottom - Self.top) * Double(bar.count) / largest
            let range = "\(Figure.percent(bar.range.lowerBound, 0)) to \(Figure.percent(bar.range.upperBound, 0))"
            return """
                <rect class="bar s5" x="\(at: left + 1)" y="\(at: Self.bottom - height)" width="\(at: right - left - 2)" \
                height="\(at: height)"><title>\(range): \(Figure.count(bar.count)) \(hint)</title></rect>
                """
        }
        return """
            <svg viewBox="0 0 \(at: Chart.width) \(at: Self.height)" role="img" aria-label="\(label)">\
            <text class="title" x="4" y="12">\(label), up to \(Figure.count(Int(largest)))</text>\
            <line class="axis" x1="\(at: Chart.left)" y1="\(at: Self.bottom)" x2="\(at: Chart.right)" y2="\(at: Self.bottom)"/>\(drawn)</svg>
            """
    }
}
