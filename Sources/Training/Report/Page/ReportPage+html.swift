internal import Scoring

/// The page as a whole: one file, without scripts, that asks no server for anything.
extension ReportPage {
    /// The contents of `report.html`, UTF-8; equal pages give equal bytes.
    package func html() -> String {
        let sections = [
            ("quality", "Quality", quality), ("comparison", "Comparison", comparison), ("ranking", "Ranking", ranking),
            ("calibration", "Calibration", calibration), ("features", "Features", features), ("segments", "Segments", segmentTable),
            ("training", "Training", trainingCurves), ("data", "Data", data),
        ].compactMap { (id, name, content) in content.map { (id: id as String, name: name as String, content: $0) } }
        let links: [Markup] = sections.map { "<a href=\"#\($0.id)\">\($0.name)</a>" }
        let bodies: [Markup] = sections.map { "<section id=\"\($0.id)\">\($0.content)</section>\n" }
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Model \(header.version): report</title>
            <style>
            \(ReportStyle.sheet)
            </style>
            </head>
            <body>
            <header><h1><small>Herald model report</small>\(header.version)</h1><p class="lead">\(lead)</p></header>
            <nav aria-label="Sections"><div>\(links)</div></nav>
            <main>
            \(bodies)</main>
            <footer>All figures of quality are measured on the test part, which is later than everything the model was fitted to. Intervals \
            are 95 % intervals; log loss is in nats. Hints appear where the pointer rests on a dot or a bar.</footer>
            </body>
            </html>

            """
        return page.text
    }

    private var lead: String {
        let replaces = header.parentVersion.map { ", to replace \($0)" } ?? ""
        return "\(header.model), trained on \(header.source) and created \(Self.day(header.createdAt))\(replaces)."
    }

    /// Date and minute, UTC.
    static func time(_ time: Timestamp) -> String {
        "\(day(time)) \(time.rfc3339.dropFirst(11).prefix(5)) UTC"
    }

    static func day(_ time: Timestamp) -> String {
        String(time.rfc3339.prefix(10))
    }

    /// A card with a heading, what it says in a line, and its content.
    static func card(_ title: String, _ explanation: String? = nil, _ content: Markup) -> Markup {
        let paragraph: Markup? = explanation.map { "<p>\($0)</p>" }
        return "<div class=\"card\"><h3>\(title)</h3>\(paragraph)\(content)</div>\n"
    }

    static func card(_ title: String, _ explanation: String? = nil, _ chart: Chart) -> Markup {
        card(title, explanation, "\(chart.legend())\(chart.svg())")
    }

    /// A heading with its explanation; `nil` where there is nothing under it.
    static func section(_ title: String, _ explanation: String, _ content: [Markup]) -> Markup? {
        content.isEmpty ? nil : "<h2>\(title)</h2><p>\(explanation)</p>\(content)"
    }

    /// Cards side by side where there is room; nothing for none.
    static func grid(_ cards: [Markup]) -> [Markup] {
        cards.isEmpty ? [] : ["<div class=\"grid\">\(cards)</div>"]
    }

    static func interval(_ estimate: Estimate, _ digits: Int = Measure.digits) -> String? {
        estimate.interval.map { "\(Figure.decimal($0.lowerBound, digits)) – \(Figure.decimal($0.upperBound, digits))" }
    }
}
