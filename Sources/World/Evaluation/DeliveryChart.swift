/// A plot, as SVG, of the share delivered by the time of creation: a line for each policy.
package struct DeliveryChart {
    private static let width = 960.0
    private static let height = 420.0
    private static let left = 56.0
    private static let right = 130.0
    private static let top = 40.0
    private static let bottom = 44.0
    private static let colours = ["#9e9e9e", "#c77d3a", "#3a6ea5", "#7b5aa6", "#2e8b57", "#222222"]
    /// Buckets that one point of a line averages.
    private static let smoothing = 3

    private let report: EvaluationReport

    package init(report: EvaluationReport) {
        self.report = report
    }

    /// The document.
    package var svg: String {
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" "
                + "font-family=\"system-ui, sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
            Self.text(Self.left, 22, "Delivered before expiry, by time of creation: scenario \(report.scenario)", size: 15),
        ]
        parts += axes
        for (index, entry) in report.policies.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            parts.append(line(entry.deliveredOverTime, colour: colour))
            let y = Self.top + 16 + Double(index) * 20
            let x = Self.width - Self.right + 14
            parts.append("<line x1=\"\(x)\" y1=\"\(y - 4)\" x2=\"\(x + 18)\" y2=\"\(y - 4)\" stroke=\"\(colour)\" stroke-width=\"3\"/>")
            parts.append(Self.text(x + 24, y, entry.policy.rawValue))
        }
        parts.append("</svg>")
        return parts.joined(separator: "\n")
    }

    private var hours: Double {
        let buckets = report.policies.map(\.deliveredOverTime.count).max() ?? 0
        return max(1, Double(buckets) * (report.policies.first?.bucketSeconds ?? 0) / 3600)
    }

    private var axes: [String] {
        var parts: [String] = []
        for tenth in stride(from: 0, through: 10, by: 2) {
            let y = self.y(Double(tenth) / 10)
            parts.append(
                "<line x1=\"\(Self.left)\" y1=\"\(y)\" x2=\"\(Self.width - Self.right)\" y2=\"\(y)\" stroke=\"#dddddd\"/>")
            parts.append(Self.text(Self.left - 40, y + 4, "\(tenth * 10) %"))
        }
        for hour in stride(from: 0, through: Int(hours), by: 6) {
            parts.append(Self.text(x(Double(hour)) - 8, Self.height - Self.bottom + 18, "\(hour) h"))
        }
        return parts
    }

    private func line(_ shares: [Double?], colour: String) -> String {
        let step = hours / Double(max(1, shares.count))
        var points: [String] = []
        for start in stride(from: 0, to: shares.count, by: Self.smoothing) {
            let window = shares[start..<min(shares.count, start + Self.smoothing)].compactMap { $0 }
            guard !window.isEmpty else { continue }
            let share = window.reduce(0, +) / Double(window.count)
            points.append("\(Self.rounded(x((Double(start) + 0.5 * Double(Self.smoothing)) * step))),\(Self.rounded(y(share)))")
        }
        return "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\" points=\"\(points.joined(separator: " "))\"/>"
    }

    private func x(_ hour: Double) -> Double {
        Self.left + hour / hours * (Self.width - Self.left - Self.right)
    }

    private func y(_ share: Double) -> Double {
        Self.top + (1 - share) * (Self.height - Self.top - Self.bottom)
    }

    private static func rounded(_ value: Double) -> Double {
        (value * 10).rounded() / 10
    }

    private static func text(_ x: Double, _ y: Double, _ text: String, size: Int = 12) -> String {
        "<text x=\"\(rounded(x))\" y=\"\(rounded(y))\" font-size=\"\(size)\" fill=\"#333333\">\(text)</text>"
    }
}
