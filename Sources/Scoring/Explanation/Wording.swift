/// Numbers as people read them; the same text in every locale.
enum Wording {
    /// With so many decimals, those that are 0 at the end left out.
    static func number(_ value: Double, decimals: Int) -> String {
        let units = (0..<decimals).reduce(1.0) { unit, _ in unit * 10 }
        let scaled = (value.magnitude * units).rounded()
        guard scaled < 1e15 else { return value < 0 ? "very small" : "very large" }
        var text = "\(Int64(scaled) / Int64(units))"
        let rest = Int64(scaled) % Int64(units)
        if rest > 0 {
            var digits = "\(rest)"
            digits = String(repeating: "0", count: decimals - digits.count) + digits
            while digits.hasSuffix("0") { digits.removeLast() }
            text += "." + digits
        }
        return value < 0 && scaled > 0 ? "-" + text : text
    }

    /// A share, in whole percent but close to the ends.
    static func percent(_ share: Double) -> String {
        if share > 0, share < 0.001 { return "under 0.1 %" }
        if share < 1, share > 0.999 { return "over 99.9 %" }
        return number(share * 100, decimals: share < 0.01 || share > 0.99 ? 1 : 0) + " %"
    }

    /// In the largest unit that leaves at least 1, with a decimal below 10.
    static func duration(milliseconds: Double) -> String {
        let size = milliseconds.magnitude
        for (unit, length) in [("min", 60_000.0), ("h", 3_600_000), ("days", 86_400_000)].reversed() where size >= length {
            let count = milliseconds / length
            let text = number(count, decimals: count.magnitude < 10 ? 1 : 0)
            return "\(text) \(unit == "days" && text == "1" ? "day" : unit)"
        }
        if size >= 1000 || size == 0 { return "\(number(milliseconds / 1000, decimals: size < 10_000 ? 1 : 0)) s" }
        return "\(number(milliseconds, decimals: 0)) ms"
    }

    /// Utility, to two digits.
    static func points(_ points: Double) -> String {
        let size = points.magnitude
        if size < 0.005 { return "under 0.01 points" }
        return number(size, decimals: size < 1 ? 2 : size < 10 ? 1 : 0) + " points"
    }

    static func bytes(_ count: Double) -> String {
        if count < 1000 { return number(count, decimals: 0) + " bytes" }
        return count < 1e6 ? number(count / 1000, decimals: count < 10_000 ? 1 : 0) + " kB" : number(count / 1e6, decimals: 1) + " MB"
    }

    /// `count` things; `plural` unless it is one.
    static func count(_ count: Double, _ singular: String, _ plural: String) -> String {
        count == 1 ? "1 \(singular)" : "\(number(count, decimals: count < 10 ? 1 : 0)) \(plural)"
    }

    /// Hours since midnight as a clock shows them.
    static func clock(hours: Double) -> String {
        let minutes = Int(hours * 60) % 1440
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// 0 = Monday.
    static func weekday(_ day: Double) -> String {
        let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        let index = Int(day)
        return names.indices.contains(index) ? names[index] : "\(index)"
    }
}
