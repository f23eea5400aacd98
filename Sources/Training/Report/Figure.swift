internal import Foundation

/// Numbers as the report shows them: a real minus sign, thin spaces between thousands, a dash for what has no value.
enum Figure {
    /// What stands for a number that is not finite.
    static let none = "–"

    /// With so many digits behind the point.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return none }
        let text = String(format: "%.\(digits)f", value)
        // No "−0.000".
        let isZero = text.allSatisfy { $0 == "-" || $0 == "0" || $0 == "." }
        return text.hasPrefix("-") ? (isZero ? "" : "−") + text.dropFirst() : text
    }

    /// The same with its sign, also a plus.
    static func signed(_ value: Double, _ digits: Int) -> String {
        let text = decimal(value, digits)
        return value > 0 && text.contains { ("1"..."9").contains($0) } ? "+\(text)" : text
    }

    /// A share in [0, 1] as per cent.
    static func percent(_ share: Double, _ digits: Int = 1) -> String {
        guard share.isFinite else { return none }
        return "\(decimal(100 * share, digits))\u{A0}%"
    }

    /// A whole number.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "\u{202F}" }
            text.append(digit)
        }
        return text
    }

    /// As short as a tick of an axis can be: thousands as k, millions as M.
    static func tick(count value: Double) -> String {
        switch abs(value) {
        case 1_000_000...: "\(trimmed(value / 1_000_000))M"
        case 1000...: "\(trimmed(value / 1000))k"
        default: trimmed(value)
        }
    }

    /// Without zeros at the end.
    static func trimmed(_ value: Double) -> String {
        var text = decimal(value, 3)
        while text.contains("."), text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// For drawings: two digits, an ordinary minus sign.
    static func coordinate(_ value: Double) -> String {
        precondition(value.isFinite, "a drawing has finite coordinates")
        var text = String(format: "%.2f", value)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }
}
