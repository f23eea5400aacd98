/// A piece of HTML or SVG.
///
/// What is interpolated is escaped unless it is markup itself, so text from data can never become an element or an attribute. Only for
/// element content and quoted attribute values; names of elements and attributes must be literals.
struct Markup: ExpressibleByStringInterpolation, Equatable, Sendable {
    private(set) var text: String

    init(stringLiteral value: String) {
        text = value
    }

    init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }

    static func += (left: inout Markup, right: Markup) {
        left.text += right.text
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate(set) var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        mutating func appendInterpolation(_ markup: Markup) {
            text += markup.text
        }

        /// Nothing for `nil`.
        mutating func appendInterpolation(_ markup: Markup?) {
            text += markup?.text ?? ""
        }

        mutating func appendInterpolation(_ parts: [Markup]) {
            for part in parts { text += part.text }
        }

        mutating func appendInterpolation(_ value: Int) {
            text += String(value)
        }

        /// A coordinate or length of a drawing, in its units.
        mutating func appendInterpolation(at coordinate: Double) {
            text += Figure.coordinate(coordinate)
        }

        /// Text as it is to be read: whatever it holds, it stays text.
        mutating func appendInterpolation(_ string: String) {
            for scalar in string.unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                case "\t", "\n", "\r": text += " "
                default: text += Self.isHarmless(scalar) ? String(scalar) : "\u{FFFD}"
                }
            }
        }

        /// Control characters are not allowed in HTML, and those of writing direction could show a name as another.
        private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: false
            default: scalar.properties.generalCategory != .unassigned
            }
        }
    }
}
