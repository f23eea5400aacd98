/// Writes metrics as text, by the rules of Prometheus' text format 0.0.4 and of OpenMetrics 1.0.0.
///
/// Both write numbers the same way, so that a series keeps its name, bounds included, whichever a scraper asks for.
struct Exposition {
    private let format: ExpositionFormat
    private(set) var text = ""

    init(_ format: ExpositionFormat) {
        self.format = format
    }

    /// Families in their order; one without series is left out.
    static func text(of families: [MetricFamily], as format: ExpositionFormat) -> String {
        var exposition = Exposition(format)
        for family in families where !family.series.isEmpty { exposition.write(family) }
        if format == .openMetrics { exposition.text += "# EOF\n" }
        return exposition.text
    }

    private mutating func write(_ family: MetricFamily) {
        switch format {
        case .text:
            text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
            text += "# TYPE \(family.name) \(family.kind == .info ? MetricKind.gauge.rawValue : family.kind.rawValue)\n"
        case .openMetrics:
            let name = Self.familyName(family)
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            if let unit = Self.unit(of: name) { text += "# UNIT \(name) \(unit)\n" }
            text += "# HELP \(name) \(Self.escaped(family.help, quotes: true))\n"
        }
        for series in family.series { write(series, of: family.name) }
    }

    private mutating func write(_ series: MetricFamily.Series, of name: String) {
        switch series.value {
        case .number(let value):
            sample(name, series.labels, value)
        case .histogram(let bounds, let counts, let sum):
            var total: UInt64 = 0
            for (index, count) in counts.enumerated() {
                total += count
                let bound = index < bounds.count ? Self.number(bounds[index]) : "+Inf"
                sample(name + "_bucket", series.labels, Double(total), bound: bound)
            }
            sample(name + "_sum", series.labels, sum)
            sample(name + "_count", series.labels, Double(total))
        }
    }

    private mutating func sample(_ name: String, _ labels: MetricLabels, _ value: Double, bound: String? = nil) {
        text += name
        var pairs = labels.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
        if let bound { pairs.append("le=\"\(bound)\"") }
        if !pairs.isEmpty { text += "{\(pairs.joined(separator: ","))}" }
        text += " \(Self.value(value))\n"
    }

    /// OpenMetrics names the family without what it puts behind its samples.
    private static func familyName(_ family: MetricFamily) -> String {
        let suffix: String? =
            switch family.kind {
            case .counter: "_total"
            case .info: "_info"
            case .gauge, .histogram: nil
            }
        guard let suffix, family.name.hasSuffix(suffix) else { return family.name }
        return String(family.name.dropLast(suffix.count))
    }

    private static func unit(of name: String) -> String? {
        ["seconds", "bytes"].first { name.hasSuffix("_" + $0) }
    }

    /// Whole numbers without a point where they are exact.
    private static func value(_ value: Double) -> String {
        abs(value) < 0x1p53 && value == value.rounded() ? "\(Int64(value))" : number(value)
    }

    /// A bound always has its point, as OpenMetrics has it.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        guard value.isFinite else { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\"") }) else {
            return text
        }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
